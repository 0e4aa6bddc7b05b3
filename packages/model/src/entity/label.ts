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

/** One language, or several, the best first. */
export type Wanted = string | readonly string[] | undefined

/** What something is called, in the language of whoever looks. */
export interface Labeller {
  of(labelled: Labelled): string
  /** One of several labels, or what stands for it where there is none. */
  among(labels: Labels | undefined, otherwise: string): string
}

/**
 * In the first of the languages that are wanted in which there is a label, or the one it is a form of (`de` for `de-AT`); where there is
 * none, in that of the project, and where there is none either, by the name.
 */
export function labeller(model: Pick<EntityModel, 'language'>, wanted: Wanted): Labeller {
  const languages = inOrder(model, wanted)
  const among = (labels: Labels | undefined, otherwise: string) => best(labels, languages)?.[1] ?? otherwise
  return { of: ({ name, labels }) => among(labels, name), among }
}

/** Of labels in many languages the one that is shown, under its language; `undefined`: the name is. */
export function narrower(
  model: Pick<EntityModel, 'language'>,
  wanted: Wanted,
): (labels: Labels | undefined) => Labels | undefined {
  const languages = inOrder(model, wanted)
  return (labels) => {
    const found = best(labels, languages)
    return found && Object.fromEntries([found])
  }
}

/** All languages in which a label may be, the best first. */
function inOrder({ language }: Pick<EntityModel, 'language'>, wanted: Wanted = []): readonly string[] {
  return [wanted, language ?? usualLanguage].flat().flatMap(withRoots)
}

function best(labels: Labels = {}, languages: readonly string[]): readonly [string, string] | undefined {
  const known = Object.entries(labels)
  for (const language of languages) {
    const found = known.find(([each]) => each.toLowerCase() === language)
    if (found !== undefined) return found
  }
  return undefined
}

/** Names, whatever labels there are. */
export const withoutLabels: Labeller = { of: ({ name }) => name, among: (_labels, otherwise) => otherwise }

/** `de-at`, `de`. */
function withRoots(language: string): readonly string[] {
  const parts = language.toLowerCase().split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}
