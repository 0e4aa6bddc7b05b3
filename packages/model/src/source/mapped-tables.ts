/**
 * The files a source maps, each once, with the columns that its mappings use: what an export has to bring.
 *
 * @module
 */
import type { Several } from './file-pattern.ts'
import type { GraphSource } from './graph.ts'
import { columnsOfGraphTable, mappingsFedBy } from './graph-input.ts'
import { columnsOfAssociationMapping, columnsOfEntityMapping } from './mapped-columns.ts'
import type { AssociationMapping, EntityMapping, Source } from './source.ts'
import { switchedOn } from './switched-off.ts'

export interface MappedTable {
  /** As it is mapped, with forward slashes; relative to the source's folder. */
  readonly file: string
  readonly columns: readonly string[]
  /** Names of the mappings that read it. */
  readonly mappings: readonly string[]
  /** Milliseconds that it may be old: the least of what is said of it. */
  readonly maxAge?: number | undefined
  /** Where the file is a pattern, what is done if several fit. */
  readonly several?: Several | undefined
  /** One of them; all read the file in the same format. Absent of a file that holds a graph. */
  readonly first: EntityMapping | AssociationMapping | undefined
}

/** Of the mappings that are not switched off. */
export function mappedTables(of: Source): readonly MappedTable[] {
  const source = switchedOn(of)
  if (source.table === true) return []
  if (source.graph !== undefined) return graphFiles(source.graph, source.maxAge)
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
      maxAge: least(table.maxAge, mapping.maxAge ?? source.maxAge),
      several: table.several ?? mapping.several,
    })
  }
  return [...tables.values()]
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

function graphFiles({ inputs }: GraphSource, maxAge: number | undefined): readonly MappedTable[] {
  const tables = new Map<string, MappedTable>()
  for (const input of inputs) {
    const file = plainPath(input.file)
    const columns = input.type === 'document' ? [] : columnsOfGraphTable(input)
    const known = tables.get(file)
    tables.set(file, {
      file,
      columns: [...new Set([...(known?.columns ?? []), ...columns])],
      mappings: [...new Set([...(known?.mappings ?? []), ...mappingsFedBy(input)])],
      maxAge: least(known?.maxAge, input.maxAge ?? maxAge),
      several: known?.several ?? input.several,
      first: undefined,
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
