/**
 * What is left of a mapping for a file of changes that lacks some of its columns: of what no column is there nothing is said, and it
 * stays as it is stored.
 *
 * A value is there with all that it is made of, or not at all; the key always is. Links are said whole.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import { columnsOfAssociationMapping, columnsOfProperty } from './mapped-columns.ts'
import { entityColumns } from './prepared-columns.ts'
import type { AssociationMapping, EntityMapping } from './source.ts'

export type Within =
  | {
      readonly kind: 'mapping'
      readonly mapping: EntityMapping
      /** Properties of which nothing is said, in the order of the mapping. */
      readonly absent: readonly string[]
    }
  /** A column without which the file says nothing that could be taken; `ofKey`: it names what the rows are of. */
  | { readonly kind: 'lacking'; readonly column: string; readonly ofKey: boolean }

/** `has`: whether the file has a column of the source. */
export function entityWithin(mapping: EntityMapping, has: (column: string) => boolean): Within {
  const absent: string[] = []
  for (const entry of mapping.properties) {
    const columns = columnsOfProperty(entry)
    const missing = columns.find((column) => !has(column))
    if (missing === undefined) continue
    const ofKey = entry.property === mapping.key
    if (ofKey || columns.some(has)) return { kind: 'lacking', column: missing, ofKey }
    absent.push(entry.property)
  }
  const filter = mapping.where?.columns.find((column) => !has(column))
  if (filter !== undefined) return { kind: 'lacking', column: filter, ofKey: false }
  return { kind: 'mapping', mapping: without(mapping, absent), absent }
}

/** The first column that the file lacks, if any; `ofKey`: it is of an end. */
export function lackingOfLinks(
  mapping: AssociationMapping,
  has: (column: string) => boolean,
): { readonly column: string; readonly ofKey: boolean } | undefined {
  const column = columnsOfAssociationMapping(mapping).find((one) => !has(one))
  if (column === undefined) return undefined
  const ofProperties = new Set(mapping.properties.flatMap(columnsOfProperty))
  return { column, ofKey: !ofProperties.has(column) }
}

/** The same by the columns of a prepared file; `undefined` where no file of changes of the mapping has just these. */
export function preparedWithin(
  mapping: EntityMapping,
  model: EntityModel,
  columns: readonly string[],
): EntityMapping | undefined {
  const { partsOf } = entityColumns(mapping, model)
  const absent = mapping.properties
    .map(({ property }) => property)
    .filter((property) => !partsOf(property).every(({ name }) => columns.includes(name)))
  if (absent.includes(mapping.key)) return undefined
  const within = without(mapping, absent)
  const names = entityColumns(within, model).all.map(({ name }) => name)
  const same = names.length === columns.length && names.every((name, index) => name === columns[index])
  return same ? within : undefined
}

function without(mapping: EntityMapping, absent: readonly string[]): EntityMapping {
  if (absent.length === 0) return mapping
  return { ...mapping, properties: mapping.properties.filter(({ property }) => !absent.includes(property)) }
}
