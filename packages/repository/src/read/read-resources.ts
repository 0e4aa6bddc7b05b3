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
import { type OrderedPart, type PageOrder, pageOrder } from './page-order.ts'
import { PageSize } from './page-size.ts'
import { type PropertyReader, propertyReader, relationOf } from './property-reader.ts'
import { SecretNotReadError, UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import type { ListedResource, ResourceQuery, ResourceRecord } from './read-types.ts'

/** Places found at first: one more search costs more than some places that are not needed. */
const firstPlaces = 1000

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
  const list = resourceList(model, entityTypeNamed(model, entityType), query)
  const read = (query.sort ?? []).length === 0 ? readById : readSorted
  yield* read(database, list, { cursor: query.cursor, limit })
}

interface From {
  readonly cursor: string | undefined
  readonly limit: number
}

async function* readById(
  database: Database,
  { readers, page, cursorOf }: ResourceList,
  { cursor: start, limit }: From,
): AsyncGenerator<ListedResource> {
  const pages = new PageSize()
  let cursor = start
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

/** Sorting passes over all resources, and costs more the more is sorted with them: places are found first, then the rows of those that are read. */
async function* readSorted(
  database: Database,
  { readers, places, rowsOf, cursorOf }: ResourceList,
  { cursor: start, limit }: From,
): AsyncGenerator<ListedResource> {
  const found = new PageSize(firstPlaces)
  const pages = new PageSize()
  let cursor = start
  for (let left = limit; left > 0; ) {
    const size = Math.min(found.rows, left)
    const sorted = await nextPlaces(database, places(cursor), size)
    found.learn(sorted)
    for (let at = 0; at < sorted.length; ) {
      const some = sorted.slice(at, at + pages.rows)
      at += some.length
      const cursors = new Map(some.map((place) => [place.resource_id, cursorOf(place)]))
      const statement = rowsOf([...cursors.keys()])
      const { rows } = await database.session((session) => run(session, statement))
      pages.learn(rows)
      for (const row of rows)
        yield { ...recordOf(readers, row), cursor: cursors.get(row.resource_id) ?? cursorOf(row) }
    }
    const last = sorted.at(-1)
    if (!last || sorted.length < size) return
    cursor = cursorOf(last)
    left -= sorted.length
  }
}

async function nextPlaces(
  database: Database,
  parts: ReturnType<ResourceList['places']>,
  size: number,
): Promise<readonly Place[]> {
  const places: Place[] = []
  for (const part of parts) {
    const next = part(size - places.length)
    const { rows } = await database.session((session) => run(session, next))
    places.push(...rows)
    if (places.length >= size) break
  }
  return places
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

/** What a query reads of each resource, and its statements. */
interface ResourceList {
  readonly readers: readonly PropertyReader[]
  /** So many behind a cursor, in the order of their ids. */
  readonly page: (cursor: string | undefined, size: number) => Statement<ResourceRow>
  /** What comes behind a cursor in the order that is asked for, in parts, of each so many: what `cursorOf` needs. */
  readonly places: (cursor: string | undefined) => readonly ((size: number) => Statement<Place>)[]
  /** In the order of the ids that are given; those that are gone meanwhile are left out. */
  readonly rowsOf: (ids: readonly string[]) => Statement<ResourceRow>
  readonly cursorOf: PageOrder['cursorOf']
}

interface Place extends Row {
  readonly resource_id: string
}

function resourceList(model: StoredModel, type: EntityType, query: ResourceQuery): ResourceList {
  const all = readableOf(model, type)
  refuseSecrets(type, query)
  const readers = query.columns?.map((name) => readerNamed(all, name)) ?? all
  const where = query.where ?? []
  const conditions = compileConditions(where, comparablesOf(model, type))
  const sort = query.sort ?? []
  const order = pageOrder(sort, all)
  const mentioned = new Set([...conditionsIn(where), ...sort].map(({ property }) => property))
  const joins = (of: readonly PropertyReader[]) =>
    sql.join(
      of.map(({ join }) => join),
      ' ',
    )
  const relation = relationOf(model, type, query.includeSubtypes)
  const after = query.after === undefined ? [] : [sql`o.resource_id > ${sql.value(query.after)}::bigint`]
  const asked = ({ where }: OrderedPart) => allOf([...after, where, ...conditions])
  const looked = joins(all.filter(({ property }) => mentioned.has(property.name)))
  const columns = commas([sql`o.resource_id, o.entity_type`, ...readers.flatMap(({ select }) => select)])
  return {
    readers,
    // What is shown is looked up and written of those on the page alone, and not of all that are looked through.
    page: (cursor, size) =>
      statement<ResourceRow>(
        `read/resources ${type.name}`,
        sql`select ${columns}
    from (
      select o.* from ${relation} o ${looked}
      where ${allOf(order.parts(cursor).map(asked))}
      order by ${order.orderBy} limit ${sql.value(size)}::bigint
    ) o ${joins(readers)}
    order by ${order.orderBy}`,
      ),
    places: (cursor) =>
      order.parts(cursor).map(
        (part) => (size) =>
          statement<Place>(
            `read/sorted-places ${type.name}`,
            sql`select ${commas([sql`o.resource_id`, ...order.select])} from ${relation} o ${looked}
    where ${asked(part)} order by ${part.orderBy} limit ${sql.value(size)}::bigint`,
          ),
      ),
    rowsOf: (ids) =>
      statement<ResourceRow>(
        `read/resources-of-places ${type.name}`,
        sql`select ${columns}
    from unnest(${sql.value(ids)}::bigint[]) with ordinality as place (id, number)
    join ${relation} o on o.resource_id = place.id ${joins(readers)}
    order by place.number`,
      ),
    cursorOf: order.cursorOf,
  }
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
