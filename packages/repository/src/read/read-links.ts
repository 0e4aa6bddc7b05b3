/**
 * Reads the links of an association, page by page.
 *
 * @module
 */
import type { Association, StoredModel } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { linkTable } from '../layout/layout.ts'
import { allOf, commas } from '../sql/fragments.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import { type Comparable, compileConditions } from './compile-conditions.ts'
import { PageSize } from './page-size.ts'
import { displayJoin, propertyReader } from './property-reader.ts'
import { CursorError, UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import type { LinkQuery, LinkRecord, ListedLink } from './read-types.ts'

/** What is not a column of the link table bears an underscore, which no property does. */
export interface LinkRow extends Row {
  readonly source_id: number
  readonly from_id: string
  readonly to_id: string
  readonly _source: string | null
  readonly _from: string | null
  readonly _to: string | null
}

/** The link that was read last; the pages go on behind it. */
type Place = Pick<LinkRow, 'source_id' | 'from_id' | 'to_id'>

export async function* readLinks(
  database: Database,
  association: string,
  query: LinkQuery = {},
): AsyncGenerator<ListedLink> {
  const { limit = Number.POSITIVE_INFINITY } = query
  const model = await database.session(readModel)
  const { record, page } = linkPages(model, associationNamed(model, association), query)
  let after = placeOf(query.cursor)
  const pages = new PageSize()
  for (let left = limit; left > 0; ) {
    const size = Math.min(pages.rows, left)
    const place = after
    const { rows } = await database.session((session) => run(session, page(place, size)))
    pages.learn(rows)
    for (const row of rows) yield { ...record(row), cursor: cursorOf(row) }
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    after = last
    left -= rows.length
  }
}

/** Before all when there is none; the links of people have the source 0. */
function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { source_id: 0, from_id: '0', to_id: '0' }
  const [, source, from, to] = /^(\d{1,9})-(\d{1,19})-(\d{1,19})$/.exec(cursor) ?? []
  if (source === undefined || from === undefined || to === undefined)
    throw new CursorError('it is not one that a list returned')
  return { source_id: Number(source), from_id: from, to_id: to }
}

function cursorOf({ source_id, from_id, to_id }: Place): string {
  return `${source_id}-${from_id}-${to_id}`
}

function associationNamed(model: StoredModel, name: string): Association {
  const association = model.associations.get(name)
  if (!association) throw new UnknownNameError('association', name, [...model.associations.keys()])
  return association
}

export interface LinkReader {
  /** `select … from … join …` of the links `l`, without a condition. */
  readonly query: SQL
  readonly comparables: readonly Comparable[]
  readonly record: (row: LinkRow) => LinkRecord
}

export function linkReader(model: StoredModel, association: Association): LinkReader {
  const from = displayJoin(model, association.from, sql`l.from_id`, sql`f`)
  const to = displayJoin(model, association.to, sql`l.to_id`, sql`t`)
  const readers = association.properties.map((property, number) =>
    propertyReader(model, property, sql`l`, number + 1),
  )
  const columns = [
    sql`l.source_id, l.from_id, l.to_id, source.name as _source`,
    sql`${from.expression} as _from, ${to.expression} as _to`,
    ...readers.flatMap(({ select }) => select),
  ]
  const text = (name: string, expression: SQL): Comparable => ({
    name,
    expression,
    property: { name, type: 'string', required: true },
  })
  return {
    query: sql`select ${commas(columns)}
    from ${new Table(linkTable(association.name))} l
    left join sluice_source source on source.source_id = l.source_id ${from.join} ${to.join}`,
    comparables: [
      ...readers.map(({ property, expression }) => ({ name: property.name, property, expression })),
      text('from', from.expression),
      text('to', to.expression),
      text('source', sql`source.name`),
    ],
    record: (row) => ({
      fromId: row.from_id,
      from: row._from || row.from_id,
      toId: row.to_id,
      to: row._to || row.to_id,
      source: row._source,
      properties: Object.fromEntries(readers.map(({ property, value }) => [property.name, value(row)])),
    }),
  }
}

/** How a link becomes a record, and the statement for so many behind a link. */
function linkPages(
  model: StoredModel,
  association: Association,
  query: LinkQuery,
): Pick<LinkReader, 'record'> & {
  readonly page: (after: Place, size: number) => Statement<LinkRow>
} {
  const reader = linkReader(model, association)
  const conditions = compileConditions(query.where ?? [], reader.comparables)
  const behind = (after: Place) =>
    sql`(l.source_id, l.from_id, l.to_id) > (${sql.value(after.source_id)}::integer, ${sql.value(after.from_id)}::bigint, ${sql.value(after.to_id)}::bigint)`
  const page = (after: Place, size: number) =>
    statement<LinkRow>(
      `read/links ${association.name}`,
      sql`${reader.query}
    where ${allOf([behind(after), ...conditions])}
    order by l.source_id, l.from_id, l.to_id limit ${sql.value(size)}::bigint`,
    )
  return { record: reader.record, page }
}
