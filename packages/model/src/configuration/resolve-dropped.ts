/**
 * Where the files of a source lie, and which of what a system drops are taken.
 *
 * @module
 */
import { isPattern, splitPath } from '../source/file-pattern.ts'
import { plainPath } from '../source/mapped-tables.ts'
import type { FileChoice, Source } from '../source/source.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn } from './definition.ts'
import type { FileChoiceInput } from './dropped-schema.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

type Folders = Pick<Source, 'folder' | 'changesFolder' | 'marker' | 'maxAge'>

/** @param written Where an export program writes when no folder is given. */
export function resolveFolders(
  source: Definition<SourceInput>,
  of: {
    readonly resolvePath: (relative: string) => string
    readonly written: string
    readonly findings: Findings
  },
): Folders {
  const { folder, marker, maxAge } = source.value
  if (source.value.export !== undefined) refuseBesideProgram(source, of.findings)
  const complete = typeof folder === 'object' ? folder.complete : folder
  const exported = complete === undefined && source.value.export !== undefined
  const folders = {
    folder: exported ? of.written : of.resolvePath(complete ?? '.'),
    changesFolder: typeof folder === 'object' ? of.resolvePath(folder.incremental) : undefined,
  }
  if (folders.folder === folders.changesFolder) {
    const message = 'The two folders are one: a file of changes would be taken for everything.'
    of.findings.add(findingCodes.mapping, placeIn(source, ['folder', 'incremental']), message, {
      remedy: 'Name another folder, or write one folder for both.',
    })
  }
  return { ...folders, marker, maxAge: maxAge === undefined ? undefined : millisecondsOf(maxAge) }
}

/** A program writes into a folder of its own, all of it anew, and its end says that all is there. */
function refuseBesideProgram(source: Definition<SourceInput>, findings: Findings): void {
  const { folder, marker, maxAge } = source.value
  const settings = {
    ...(typeof folder === 'object' ? { folder: 'two folders' } : {}),
    ...(marker === undefined ? {} : { marker: 'a marker' }),
    ...(maxAge === undefined ? {} : { maxAge: 'an age' }),
  }
  for (const [key, what] of Object.entries(settings))
    findings.add(
      findingCodes.mapping,
      placeIn(source, [key], 'key'),
      `An export writes new files each time, so ${what} of files that others drop has no meaning.`,
      { remedy: `Remove "${key}", or "export".` },
    )
}

/** Of one mapping, at `path`; `key`: under which the file is named there, `null` where it stands alone. */
export function resolveFileChoice(
  { source, findings }: { readonly source: Definition<SourceInput>; readonly findings: Findings },
  path: YamlPath,
  input: FileChoiceInput & { readonly file?: string | undefined },
  key: string | null = 'file',
): FileChoice {
  const { file = '', several, maxAge } = input
  const pattern = isPattern(file)
  if (isPattern(splitPath(file).folders)) {
    const message = `"${file}" has a * or ? in the name of a folder, where it stands for nothing.`
    findings.add(findingCodes.wrongValue, placeIn(source, key === null ? path : [...path, key]), message, {
      remedy: 'Write the folder as it is called; only the name of the file may vary.',
    })
  }
  if (several !== undefined && !pattern && input.file !== undefined) {
    const message = `"several" says which of several files is taken, and "${file}" is one.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, 'several']), message, {
      remedy: 'Remove it, or write a * where the names differ, such as people-*.csv.',
    })
  }
  if (maxAge !== undefined && source.value.export !== undefined) {
    const message = 'An export writes new files each time, so their age has no meaning.'
    findings.add(findingCodes.mapping, placeIn(source, [...path, 'maxAge']), message, {
      remedy: 'Remove "maxAge", or "export".',
    })
  }
  return { several, maxAge: maxAge === undefined ? undefined : millisecondsOf(maxAge) }
}

/** Mappings of one file are read together, so what one of them says of several files is said of all. */
export function withFileChoices(definition: Definition<unknown>, source: Source, findings: Findings): Source {
  const { entities, associations } = source
  const all = [
    ...entities.map((mapping) => ({ mapping, section: 'entities' })),
    ...associations.map((mapping) => ({ mapping, section: 'associations' })),
  ]
  const choices = new Map<string, FileChoice & { readonly name: string }>()
  for (const { section, mapping } of all) {
    const { name, several } = mapping
    const file = plainPath(mapping.file)
    const other = choices.get(file)
    if (other === undefined && several !== undefined) choices.set(file, mapping)
    if (other === undefined || several === undefined || several === other.several) continue
    const message = `${name} and ${other.name} read ${file} together, and say two things of several files.`
    findings.add(findingCodes.mapping, placeIn(definition, [section, name, 'several']), message, {
      remedy: 'Keep one of the two.',
    })
  }
  if (choices.size === 0) return source
  const chosen = <T extends FileChoice & { readonly file: string }>(mapping: T): T => ({
    ...mapping,
    several: choices.get(plainPath(mapping.file))?.several,
  })
  return { ...source, entities: entities.map(chosen), associations: associations.map(chosen) }
}
