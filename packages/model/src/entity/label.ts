/**
 * What people call the things of a model in their languages. Names stay what machines, commands and files go by.
 *
 * @module
 */
import type { EntityModel } from './entity-model.ts'

/** Texts by language: `en`, `de`, `pt-BR`. */
export type Labels = Readonly<Record<string, string>>

/** Of a project that names none. */
export const usualLanguage = 'en'

export interface Labelled {
  readonly name: string
  readonly labels?: Labels | undefined
}

/** What something is called, in the language of whoever looks. */
export interface Labeller {
  of(labelled: Labelled): string
  /** One of several labels, or what stands for it where there is none. */
  among(labels: Labels | undefined, otherwise: string): string
}

/**
 * In the language that is wanted, or the one it is a form of (`de` for `de-AT`); where there is no such label, in that of the project,
 * and where there is none either, by the name.
 */
export function labeller(model: Pick<EntityModel, 'language'>, wanted: string | undefined): Labeller {
  const languages = [
    ...(wanted === undefined ? [] : withRoots(wanted)),
    ...withRoots(model.language ?? usualLanguage),
  ]
  const among = (labels: Labels = {}, otherwise: string) => {
    const byLanguage = new Map(
      Object.entries(labels).map(([language, text]) => [language.toLowerCase(), text]),
    )
    const language = languages.find((each) => byLanguage.has(each))
    return (language === undefined ? undefined : byLanguage.get(language)) ?? otherwise
  }
  return { of: ({ name, labels }) => among(labels, name), among }
}

/** Names, whatever labels there are. */
export const withoutLabels: Labeller = { of: ({ name }) => name, among: (_labels, otherwise) => otherwise }

/** `de-at`, `de`. */
function withRoots(language: string): readonly string[] {
  const parts = language.toLowerCase().split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}
