/**
 * Texts of modules that somebody is writing, beside those that are stored.
 *
 * @module
 */
import type { SourceModules } from '@sluice/model'

export interface Draft {
  /** Of the modules that he began with. */
  readonly version: string
  /** By file, of those that he has changed. */
  readonly texts: Readonly<Record<string, string>>
}

export interface ModuleText {
  readonly file: string
  readonly text: string
}

/** What JSON holds as a draft; `undefined` where it is none of ours. */
export function readDraft(stored: unknown): Draft | undefined {
  return isDraft(stored) ? stored : undefined
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('texts' in value))
    return false
  const { version, texts } = value
  return (
    typeof version === 'string' &&
    typeof texts === 'object' &&
    texts !== null &&
    Object.values(texts).every((text) => typeof text === 'string')
  )
}

/** In the order of loading. */
export function draftedModules(
  { modules }: Pick<SourceModules, 'modules'>,
  draft: Draft | undefined,
): readonly ModuleText[] {
  return modules.map(({ file, text }) => ({ file, text: draft?.texts[file] ?? text }))
}

export function changedFiles(
  { modules }: Pick<SourceModules, 'modules'>,
  draft: Draft | undefined,
): readonly string[] {
  return modules.flatMap(({ file, text }) => ((draft?.texts[file] ?? text) === text ? [] : [file]))
}

/** With another text of a file; one that is as it is stored is no change. `undefined`: nothing is changed any more. */
export function withText(
  { modules, version }: Pick<SourceModules, 'modules' | 'version'>,
  draft: Draft | undefined,
  { file, text }: ModuleText,
): Draft | undefined {
  const texts = { ...draft?.texts, [file]: text }
  const changed = modules.filter((module) => (texts[module.file] ?? module.text) !== module.text)
  if (changed.length === 0) return undefined
  const entries = changed.map((module) => [module.file, texts[module.file] ?? module.text] as const)
  return { version: draft?.version ?? version, texts: Object.fromEntries(entries) }
}
