/**
 * Shows the first rows of a source before and after its mappings have shaped them; nothing is written anywhere.
 *
 * @module
 */
import { locateTable } from '@sluice/connectors'
import { type Environment, switchedOn, withAllOn } from '@sluice/model'
import { type TriedRow, tryMapping } from '@sluice/prepare'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { UnknownSourceError } from './project-errors.ts'
import { NoSuchMappingError, NothingToTryError } from './try-mappings-errors.ts'

export interface TryMappingsOptions {
  readonly environment?: Environment | undefined
  readonly source: string
  /** All of the source that are not switched off when absent. */
  readonly mapping?: string | undefined
  /** Of the files of changes, where these lie apart. */
  readonly changes?: boolean | undefined
  /** Of each mapping. */
  readonly rows: number
}

/** Of each mapping in its order, the files as they lie in the source's folder, or in that of changes. */
export async function tryMappings(
  of: ProjectPlace,
  options: TryMappingsOptions,
): Promise<readonly TriedRow[]> {
  const { environment, source: name, mapping: wanted, rows } = options
  const {
    sources,
    model,
    prepare: settings,
  } = await requireConfiguration(of, { environment, stored: 'unknown' })
  const found = sources.get(name)
  if (found === undefined) throw new UnknownSourceError(name, [...sources.keys()])
  if (found.table === true || found.graph !== undefined) throw new NothingToTryError(name)
  const source = wanted === undefined ? switchedOn(found) : withAllOn(found)
  const mappings = [...source.entities, ...source.associations]
  const names = mappings.map((one) => one.name)
  if (wanted !== undefined && !names.includes(wanted)) throw new NoSuchMappingError(name, wanted, names)
  const folder = options.changes === true ? source.changesFolder : undefined
  const tried: TriedRow[] = []
  for (const { name: mapping, file, several } of mappings) {
    if (wanted !== undefined && mapping !== wanted) continue
    const { parts } = await locateTable(source, { file, several }, folder)
    tried.push(...((await tryMapping({ source, model, mapping, parts, rows, settings })) ?? []))
  }
  return tried
}
