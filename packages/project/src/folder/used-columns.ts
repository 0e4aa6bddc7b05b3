/**
 * Which columns the mappings of a file use, and where the configuration says so.
 *
 * @module
 */
import {
  type AssociationMapping,
  columnsRead,
  type EntityMapping,
  namingColumns,
  type PropertyMapping,
  type Source,
  switchedOn,
} from '@sluice/model'

export interface Mapped {
  readonly mapping: EntityMapping | AssociationMapping
  /** Where the mapping stands in the configuration. */
  readonly path: readonly string[]
}
export type MappedOnce = readonly [Mapped, ...Mapped[]]

/** Those that are not switched off, by the file that they read, as it is mapped. */
export function mappingsByFile(of: Source): readonly MappedOnce[] {
  const source = switchedOn(of)
  const at = ['sources', source.name]
  const all = [
    ...source.entities.map((mapping) => ({ mapping, path: [...at, 'entities', mapping.name] })),
    ...source.associations.map((mapping) => ({ mapping, path: [...at, 'associations', mapping.name] })),
  ]
  const files = new Map<string, MappedOnce>()
  for (const mapped of all) {
    const { file } = mapped.mapping
    files.set(file, [...(files.get(file) ?? []), mapped])
  }
  return [...files.values()]
}

export interface UsedColumn {
  readonly column: string
  readonly at: readonly string[]
}

export function usedColumns({ mapping, path }: Mapped): readonly UsedColumn[] {
  const ends =
    'association' in mapping
      ? (['from', 'to'] as const).map((end) => ({
          end: mapping[end],
          at: [...path, end],
        }))
      : []
  const where = (mapping.where?.columns ?? []).map((column) => ({ column, at: [...path, 'where'] }))
  return [
    ...ends.flatMap(({ end, at }) => shapedColumns(end, at)),
    ...where,
    ...mapping.properties.flatMap((property) => propertyColumns(property, path)),
  ]
}

function propertyColumns(property: PropertyMapping, path: readonly string[]): readonly UsedColumn[] {
  const at = [...path, 'properties', property.property]
  const keys = ['fileNameColumn', 'mediaTypeColumn'] as const
  const beside = keys.flatMap((key) => {
    const column = property[key]
    return column === undefined ? [] : [{ column, at: [...at, key] }]
  })
  if (property.parts === undefined) return [...shapedColumns(property, at), ...beside]
  return [...namingColumns(property).map((column) => ({ column, at: [...at, 'columns'] })), ...beside]
}

const keyOfOrigin = { column: 'column', join: 'columns', expression: 'expression', value: 'value' } as const

function shapedColumns(
  of: Pick<PropertyMapping, 'column' | 'shape'>,
  at: readonly string[],
): readonly UsedColumn[] {
  const key = keyOfOrigin[of.shape?.origin.kind ?? 'column']
  return columnsRead(of).map((column) => ({ column, at: [...at, key] }))
}
