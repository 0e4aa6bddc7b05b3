/**
 * The legal names of one case, and the way back to its own.
 *
 * @module
 */
import type { CaseConfig } from './case-config.ts'
import { legalNames } from './legal-names.ts'

export interface CaseNames {
  source(connector: string): string
  /** Of an entity type, which is also the name of its mapping. */
  entityType(name: string): string
  association(name: string): string
  property(entityType: string, column: string): string
  /** Path of a table's file in the project's folder of exports. */
  file(table: string): string
  /** Properties of an entity type: the columns that any connector maps or links by. */
  columns(entityType: string): readonly string[]
  /** What the case calls the mapping with this legal name. */
  mapping(legalName: string): string
}

/** What reports call the level above the mappings. */
const sourceLevel = 'source'
const reservedProperties = ['resource_id', 'entity_type', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax', 'ctid']

export function caseNames(config: CaseConfig): CaseNames {
  const connectors = Object.values(config)
  const columns = columnsByType(config)
  // No underscore in a source's name: `replica_a_b_c` would be of a's b_c as well as of a_b's c.
  const joined = (name: string) => name.replaceAll('_', '')
  const sources = legalNames(Object.keys(config), { takes: (name) => [joined(name)] })
  const entityTypes = legalNames(columns.keys(), {
    taken: [sourceLevel],
    takes: (name) => [name, `${name}_all`],
  })
  const associations = legalNames(
    connectors.flatMap(({ assocs }) => Object.keys(assocs)),
    { taken: [sourceLevel, ...[...entityTypes.values()].flatMap((name) => [name, `${name}_all`])] },
  )
  const properties = new Map(
    [...columns].map(([type, names]) => [type, legalNames(names, { taken: reservedProperties })]),
  )
  const files = legalNames(
    connectors.flatMap(({ types, assocs }) =>
      [...Object.values(types), ...Object.values(assocs)].map(({ table }) => table),
    ),
  )
  const own = new Map([...associations, ...entityTypes].map(([caseName, legalName]) => [legalName, caseName]))
  return {
    source: (connector) => joined(sources.get(connector) ?? ''),
    entityType: (name) => entityTypes.get(name) ?? '',
    association: (name) => associations.get(name) ?? '',
    property: (entityType, column) => properties.get(entityType)?.get(column) ?? '',
    file: (table) => `${files.get(table) ?? 'unmapped'}.csv`,
    columns: (entityType) => [...(columns.get(entityType) ?? [])],
    mapping: (legalName) => own.get(legalName) ?? legalName,
  }
}

function columnsByType(config: CaseConfig): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  const add = (type: string, columns: readonly string[]) => {
    const known = found.get(type) ?? new Set()
    for (const column of columns) known.add(column)
    found.set(type, known)
  }
  for (const { types } of Object.values(config)) {
    for (const [name, { pk, columns }] of Object.entries(types)) add(name, [...columns, pk])
  }
  for (const { assocs } of Object.values(config)) {
    for (const { type1, key1, type2, key2 } of Object.values(assocs)) {
      add(type1, [key1])
      add(type2, [key2])
    }
  }
  return found
}
