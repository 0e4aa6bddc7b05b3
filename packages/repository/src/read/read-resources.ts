/**
 * Reads the resources of an entity type, page by page.
 *
 * @module
 */
import { type EntityType, isSecret, type StoredModel } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { type Comparable, compileConditions, conditionsIn } from './compile-conditions.ts'
import { type PageOrder, pageOrder } from './page-order.ts'
import { PageSize } from './page-size.ts'
import { type PropertyReader, propertyReader, relationOf } from './property-reader.ts'
import { SecretNotReadError, UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import type { ListedResource, ResourceQuery, ResourceRecord } from './read-types.ts'

export interface ResourceRow extends Row {
  readonly resource_id: string
  readonly entity_type: string
}

export async function* readResources(
  database: Database,
  entityType: string,
  query: ResourceQuery = {},
): AsyncGenerator<ListedResource> {
  const { limit = Number.POSITIVE_INFINITY } = query
  const model = await database.session(readModel)
  const { readers, page, cursorOf } = resourcePages(model, entityTypeNamed(model, entityType), query)
  let { cursor } = query
  const pages = new PageSize()
  for (let left = limit; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const next = page(cursor, size)
    const { rows } = await database.session((session) => run(session, next))
    pages.learn(rows)
    for (const row of rows) yield { ...recordOf(readers, row), cursor: cursorOf(row) }
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    cursor = cursorOf(last)
    left -= rows.length
  }
}

export function entityTypeNamed(model: StoredModel, name: string): EntityType {
  const type = model.entityTypes.get(name)
  if (!type) throw new UnknownNameError('entity type', name, [...model.entityTypes.keys()])
  return type
}

/** Readers of all properties of a type, for a table or view with the alias `o`; of a secret, whether there is one. */
export function readersOf(model: StoredModel, type: EntityType): readonly PropertyReader[] {
  return type.properties.map((property, number) => propertyReader(model, property, sql`o`, number + 1))
}

/**
 * Readers of what a resource is read with. Secrets are not: what was read may be sent back or loaded again, and whatever stood in their place
 * would become the secret.
 */
export function readableOf(model: StoredModel, type: EntityType): readonly PropertyReader[] {
  return readersOf(model, type).filter(({ property }) => !isSecret(property))
}

export function recordOf(readers: readonly PropertyReader[], row: ResourceRow): ResourceRecord {
  return {
    resourceId: row.resource_id,
    entityType: row.entity_type,
    values: Object.fromEntries(readers.map(({ property, value }) => [property.name, value(row)])),
    references: Object.fromEntries(
      readers.flatMap(({ property, referenceId }) => {
        const id = referenceId(row)
        return id === null ? [] : [[property.name, id]]
      }),
    ),
  }
}

/** What a query reads of each resource, and the statement for so many behind a cursor. */
function resourcePages(
  model: StoredModel,
  type: EntityType,
  query: ResourceQuery,
): {
  readonly readers: readonly PropertyReader[]
  readonly page: (cursor: string | undefined, size: number) => Statement<ResourceRow>
  readonly cursorOf: PageOrder['cursorOf']
} {
  const all = readableOf(model, type)
  refuseSecrets(type, query)
  const readers = query.columns?.map((name) => readerNamed(all, name)) ?? all
  const where = query.where ?? []
  const conditions = compileConditions(where, comparablesOf(model, type))
  const sort = query.sort ?? []
  const order = pageOrder(sort, all)
  const mentioned = new Set([...conditionsIn(where), ...sort].map(({ property }) => property))
  const isMentioned = ({ property }: PropertyReader) => mentioned.has(property.name)
  const shown = all.filter((reader) => readers.includes(reader) || isMentioned(reader))
  const joins = (of: readonly PropertyReader[]) =>
    sql.join(
      of.map(({ join }) => join),
      ' ',
    )
  const from = query.after === undefined ? [] : [sql`o.resource_id > ${sql.value(query.after)}::bigint`]
  const page = (cursor: string | undefined, size: number) => {
    const behind = cursor === undefined ? [] : [order.behind(cursor)]
    // What is shown is looked up and written of those on the page alone, and not of all that are sorted.
    return statement<ResourceRow>(
      `read/resources ${type.name}`,
      sql`select ${commas([sql`o.resource_id, o.entity_type`, ...readers.flatMap(({ select }) => select), ...order.select])}
    from (
      select o.* from ${relationOf(model, type, query.includeSubtypes)} o ${joins(all.filter(isMentioned))}
      where ${allOf([...from, ...behind, ...conditions])}
      order by ${order.orderBy} limit ${sql.value(size)}::bigint
    ) o ${joins(shown)}
    order by ${order.orderBy}`,
    )
  }
  return { readers, page, cursorOf: order.cursorOf }
}

/** What conditions on the resources of a type can be about; `join` is needed by what is. */
export function comparablesOf(
  model: StoredModel,
  type: EntityType,
): readonly (Comparable & Pick<PropertyReader, 'join'>)[] {
  return readableOf(model, type).map(({ property, expression, join }) => ({
    name: property.name,
    property,
    expression,
    join,
  }))
}

export function refuseSecrets(
  type: EntityType,
  { columns = [], where = [], sort = [] }: Pick<ResourceQuery, 'columns' | 'where' | 'sort'>,
): void {
  const asked = new Set([...columns, ...[...conditionsIn(where), ...sort].map(({ property }) => property)])
  const secret = type.properties.find((property) => isSecret(property) && asked.has(property.name))
  if (secret !== undefined) throw new SecretNotReadError(secret.name)
}

function readerNamed(readers: readonly PropertyReader[], name: string): PropertyReader {
  const reader = readers.find(({ property }) => property.name === name)
  if (reader) return reader
  const known = readers.map(({ property }) => property.name)
  throw new UnknownNameError('property', name, known)
}
