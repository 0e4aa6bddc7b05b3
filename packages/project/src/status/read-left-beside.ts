/**
 * Reads the rows that lie beside what was prepared of a source last: duplicates and rows without a key. They are on this side alone.
 *
 * @module
 */
import { outboxFolder, readOutbox } from '@sluice/agent'
import { type Environment, switchedOn } from '@sluice/model'
import { readSideFile } from '@sluice/prepare'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { NothingPreparedHereError, UnknownSourceError } from '../open/project-errors.ts'

/** Why a row is not delivered: another one has its key, or it has none. */
export type LeftBesideKind = 'duplicate' | 'null key'

export interface RowLeftBeside {
  readonly source: string
  readonly mapping: string
  /** The delivery that was prepared without it. */
  readonly delivery: string
  /** By column of the source file, as far as it is mapped. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * Mapping by mapping, in the order of the file. Throws `NothingPreparedHereError` where nothing was prepared in this folder.
 *
 * @example
 * ```ts
 * import process from 'node:process'
 * import { readLeftBeside } from 'sluice'
 *
 * const of = { source: 'hr', kind: 'duplicate', environment: process.env } as const
 * for await (const { mapping, values } of readLeftBeside('.', of)) console.log(mapping, values)
 * ```
 */
export async function* readLeftBeside(
  place: ProjectPlace,
  of: { readonly source: string; readonly kind: LeftBesideKind; readonly environment: Environment },
): AsyncGenerator<RowLeftBeside> {
  const { source: name, kind, environment } = of
  const { sources, workFolder } = await requireConfiguration(place, { environment, stored: 'unknown' })
  const source = sources.get(name)
  if (source === undefined) throw new UnknownSourceError(name, [...sources.keys()])
  const folder = outboxFolder(workFolder, name)
  const note = await readOutbox(folder)
  if (note === undefined) throw new NothingPreparedHereError(name, folder)
  const { entities, associations } = switchedOn(source)
  for (const mapping of [...entities, ...associations].map((one) => one.name)) {
    const rows = readSideFile(folder, mapping, kind === 'duplicate' ? 'duplicates' : 'nullpk')
    for await (const values of rows) yield { source: name, mapping, delivery: note.id, values }
  }
}
