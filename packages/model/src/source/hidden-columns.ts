/**
 * Which columns of a source's files nobody is shown: those that its mappings read as secrets or as files.
 *
 * @module
 */
import type { EntityModel, Property } from '../entity/entity-model.ts'
import { columnsOfProperty } from './mapped-columns.ts'
import { plainPath } from './mapped-tables.ts'
import type { Source } from './source.ts'

/** What is shown in place of a value of theirs. */
export const hiddenValue = '***'

export function isHiddenProperty({ type }: Pick<Property, 'type'>): boolean {
  return type === 'secret' || type === 'file'
}

/** Names of columns as headers are compared with them. */
export function comparableColumn(name: string): string {
  return name.trim().normalize('NFC')
}

/** Of the file, by any entity mapping of the source, those that are switched off included. */
export function hiddenColumns(
  { entities }: Pick<Source, 'entities'>,
  model: EntityModel,
  file: string,
): ReadonlySet<string> {
  const read = entities
    .filter((mapping) => plainPath(mapping.file) === plainPath(file))
    .flatMap(({ entityType, properties }) => {
      const hidden = model.entityTypes.get(entityType)?.properties.filter(isHiddenProperty) ?? []
      const names = new Set(hidden.map(({ name }) => name))
      return properties.filter(({ property }) => names.has(property)).flatMap(columnsOfProperty)
    })
  return new Set(read.map(comparableColumn))
}
