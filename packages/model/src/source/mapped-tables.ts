/**
 * The files a source maps, each once, with the columns that its mappings use: what an export has to bring.
 *
 * @module
 */
import { columnsOfAssociationMapping, columnsOfEntityMapping } from './mapped-columns.ts'
import type { AssociationMapping, EntityMapping, Source } from './source.ts'

export interface MappedTable {
  /** As it is mapped, with forward slashes; relative to the source's folder. */
  readonly file: string
  readonly columns: readonly string[]
  /** Names of the mappings that read it. */
  readonly mappings: readonly string[]
  /** One of them; all read the file in the same format. */
  readonly first: EntityMapping | AssociationMapping
}

export function mappedTables(source: Source): readonly MappedTable[] {
  if (source.table === true) return []
  const mappings = [
    ...source.entities.map((mapping) => ({ mapping, columns: columnsOfEntityMapping(mapping) })),
    ...source.associations.map((mapping) => ({ mapping, columns: columnsOfAssociationMapping(mapping) })),
  ]
  const tables = new Map<string, MappedTable>()
  for (const { mapping, columns } of mappings) {
    const file = plainPath(mapping.file)
    const table = tables.get(file) ?? { file, columns: [], mappings: [], first: mapping }
    tables.set(file, {
      ...table,
      columns: [...new Set([...table.columns, ...columns])],
      mappings: [...table.mappings, mapping.name],
    })
  }
  return [...tables.values()]
}

/** Two mappings that mean the same file write it in ways that come out the same here. */
export function plainPath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
}
