/**
 * Which columns of a source file a mapping uses.
 *
 * @module
 */
import type { AssociationMapping, EntityMapping, PropertyMapping } from './source.ts'

/** The columns of an entity mapping: its properties' columns in the order they are written, each once. */
export function columnsOfEntityMapping(mapping: EntityMapping): readonly string[] {
  return unique(mapping.properties.flatMap(columnsOfProperty))
}

/** The columns of an association mapping: `from`, `to`, then the link properties' columns, each once. */
export function columnsOfAssociationMapping(mapping: AssociationMapping): readonly string[] {
  return unique([mapping.from.column, mapping.to.column, ...mapping.properties.flatMap(columnsOfProperty)])
}

/** The column of the value; of a reference by several properties, those of its parts. */
export function namingColumns({ column, parts }: PropertyMapping): readonly string[] {
  return parts?.map((part) => part.column) ?? [column]
}

function columnsOfProperty(mapping: PropertyMapping): readonly string[] {
  const columns = [...namingColumns(mapping), mapping.fileNameColumn, mapping.mediaTypeColumn]
  return columns.filter((column) => column !== undefined)
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
