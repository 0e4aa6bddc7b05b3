/**
 * Shows the first rows of a source before and after its mappings have shaped them; nothing is written anywhere.
 *
 * @module
 */
import { locateSourceFiles } from '@sluice/connectors'
import type { Environment } from '@sluice/model'
import { type TriedRow, tryMapping } from '@sluice/prepare'
import { type ProjectPlace, requireConfiguration } from '../folder/load-configuration.ts'
import { UnknownSourceError } from './project-errors.ts'
import { NoSuchMappingError, NothingToTryError } from './try-mappings-errors.ts'

export interface TryMappingsOptions {
  readonly environment?: Environment | undefined
  readonly source: string
  /** All of the source when absent. */
  readonly mapping?: string | undefined
  /** Of each mapping. */
  readonly rows: number
}

/** Of each mapping in its order, the files as they lie in the source's folder. */
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
  const source = sources.get(name)
  if (source === undefined) throw new UnknownSourceError(name, [...sources.keys()])
  if (source.table === true || source.graph !== undefined) throw new NothingToTryError(name)
  const mappings = [...source.entities, ...source.associations]
  const names = mappings.map((one) => one.name)
  if (wanted !== undefined && !names.includes(wanted)) throw new NoSuchMappingError(name, wanted, names)
  const tried: TriedRow[] = []
  for (const { name: mapping, file } of mappings) {
    if (wanted !== undefined && mapping !== wanted) continue
    const parts = await locateSourceFiles(source.folder, file)
    tried.push(...((await tryMapping({ source, model, mapping, parts, rows, settings })) ?? []))
  }
  return tried
}
