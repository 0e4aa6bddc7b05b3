/**
 * Which columns of a source file a mapping uses.
 *
 * @module
 */
import type { Shape } from './shape.ts'
import type { AssociationMapping, EntityMapping, PropertyMapping } from './source.ts'

/** The columns of an entity mapping: its properties' columns in the order they are written, then those of its filter, each once. */
export function columnsOfEntityMapping({ properties, where }: EntityMapping): readonly string[] {
  return unique([...properties.flatMap(columnsOfProperty), ...(where?.columns ?? [])])
}

/** The columns of an association mapping: `from`, `to`, then the link properties' columns and those of its filter, each once. */
export function columnsOfAssociationMapping(mapping: AssociationMapping): readonly string[] {
  const { from, to, properties, where } = mapping
  const ends = [from, to].flatMap(columnsRead)
  return unique([...ends, ...properties.flatMap(columnsOfProperty), ...(where?.columns ?? [])])
}

/** The column of the value; of a reference by several properties, those of its parts; of a shaped value, what it is made of. */
export function namingColumns(mapping: PropertyMapping): readonly string[] {
  return mapping.parts?.map((part) => part.column) ?? columnsRead(mapping)
}

/** Columns of the source. */
export function columnsRead(of: {
  readonly column: string
  readonly shape?: Shape | undefined
}): readonly string[] {
  return of.shape?.columns ?? [of.column]
}

/** All that one property reads. */
export function columnsOfProperty(mapping: PropertyMapping): readonly string[] {
  const columns = [...namingColumns(mapping), mapping.fileNameColumn, mapping.mediaTypeColumn]
  return columns.filter((column) => column !== undefined)
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
