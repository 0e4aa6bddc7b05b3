/**
 * Reads the resources of an entity type, page by page.
 *
 * @module
 */
import type { EntityType, StoredModel } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { compileConditions } from './compile-conditions.ts'
import { type PropertyReader, propertyReader, relationOf, textOrNull } from './property-reader.ts'
import { UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import type { ResourceQuery, ResourceRecord } from './read-types.ts'

/** Rows of a page: enough to make its cost small beside the rows, few enough to keep memory flat. */
export const pageSize = 5_000

export async function* readResources(
  database: Database,
  entityType: string,
  query: ResourceQuery = {},
): AsyncGenerator<ResourceRecord> {
  const { limit = Number.POSITIVE_INFINITY } = query
  const model = await database.session(readModel)
  const statement = compile(model, entityTypeNamed(model, entityType), query)
  let after = query.after ?? '0'
  for (let left = limit; left > 0; ) {
    const size = Math.min(pageSize, left)
    const { rows } = await database.session((session) =>
      session.query<Row>(`${statement.text} limit ${size}`, [after, ...statement.values]),
    )
    const records = rows.map((row) => recordOf(statement.readers, row))
    yield* records
    const last = records.at(-1)
    if (!last || rows.length < size) return
    after = last.resourceId
    left -= rows.length
  }
}

export function entityTypeNamed(model: StoredModel, name: string): EntityType {
  const type = model.entityTypes.get(name)
  if (!type) throw new UnknownNameError('entity type', name, [...model.entityTypes.keys()])
  return type
}

/** Readers of all properties of a type, for a table or view with the alias `o`. */
export function readersOf(model: StoredModel, type: EntityType): readonly PropertyReader[] {
  return type.properties.map((property, number) => propertyReader(model, property, 'o', number))
}

export function recordOf(readers: readonly PropertyReader[], row: Row): ResourceRecord {
  return {
    resourceId: textOrNull(row['resource_id']) ?? '',
    entityType: textOrNull(row['entity_type']) ?? '',
    values: Object.fromEntries(readers.map(({ property, value }) => [property.name, value(row)])),
    references: Object.fromEntries(
      readers.flatMap(({ property, referenceId }) => {
        const id = referenceId(row)
        return id === null ? [] : [[property.name, id]]
      }),
    ),
  }
}

function compile(model: StoredModel, type: EntityType, query: ResourceQuery) {
  const all = readersOf(model, type)
  const readers = query.columns?.map((name) => readerNamed(all, name)) ?? all
  const values: unknown[] = ['the id to go on behind']
  const comparables = all.map(({ property, expression }) => ({ name: property.name, property, expression }))
  const conditions = compileConditions(query.where ?? [], comparables, values)
  const mentioned = new Set((query.where ?? []).map(({ property }) => property))
  const joined = all.filter((reader) => readers.includes(reader) || mentioned.has(reader.property.name))
  const text = [
    `select ${['o.resource_id', 'o.entity_type', ...readers.flatMap(({ select }) => select)].join(', ')}`,
    `from ${relationOf(model, type, query.includeSubtypes)} o`,
    ...joined.flatMap(({ join }) => join ?? []),
    `where ${['o.resource_id > $1::bigint', ...conditions].join(' and ')}`,
    'order by o.resource_id',
  ].join('\n')
  return { text, values: values.slice(1), readers }
}

function readerNamed(readers: readonly PropertyReader[], name: string): PropertyReader {
  const reader = readers.find(({ property }) => property.name === name)
  if (reader) return reader
  const known = readers.map(({ property }) => property.name)
  throw new UnknownNameError('property', name, known)
}
