import { texts } from '../texts/texts.ts'

/** What a request does, by its name: in the words of the console, or as the name reads. `createToken` is *create token*. */
export function actionText(action: string): string {
  const known: Readonly<Record<string, string>> = texts.people.audit.actions
  return known[action] ?? action.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
