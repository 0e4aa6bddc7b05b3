/**
 * Reads the links of an association, page by page.
 *
 * @module
 */
import type { Association, StoredModel } from '@sluice/model'
import type { Database, Row } from '../database/database.ts'
import { identifier, linkTable } from '../layout/layout.ts'
import { type Comparable, compileConditions } from './compile-conditions.ts'
import { displayJoin, propertyReader, textOrNull } from './property-reader.ts'
import { UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'
import { pageSize } from './read-resources.ts'
import type { LinkQuery, LinkRecord } from './read-types.ts'

export async function* readLinks(
  database: Database,
  association: string,
  query: LinkQuery = {},
): AsyncGenerator<LinkRecord> {
  const { limit = Number.POSITIVE_INFINITY } = query
  const model = await database.session(readModel)
  const statement = compile(model, associationNamed(model, association), query)
  let after: readonly unknown[] = [0, 0, 0]
  for (let left = limit; left > 0; ) {
    const size = Math.min(pageSize, left)
    const { rows } = await database.session((session) =>
      session.query<Row>(`${statement.text} limit ${size}`, [...after, ...statement.values]),
    )
    for (const row of rows) yield statement.record(row)
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    after = [last['source_id'], last['from_id'], last['to_id']]
    left -= rows.length
  }
}

function associationNamed(model: StoredModel, name: string): Association {
  const association = model.associations.get(name)
  if (!association) throw new UnknownNameError('association', name, [...model.associations.keys()])
  return association
}

/** The select list, joins and decoder of an association's links, for a link table with the alias `l`. */
export function linkReader(model: StoredModel, association: Association) {
  const from = displayJoin(model, association.from, 'l.from_id', 'f')
  const to = displayJoin(model, association.to, 'l.to_id', 'g')
  const readers = association.properties.map((property, number) =>
    propertyReader(model, property, 'l', number),
  )
  const select = [
    'l.source_id, l.from_id, l.to_id, s.name as source',
    `${from.expression} as from_display, ${to.expression} as to_display`,
    ...readers.flatMap((reader) => reader.select),
  ].join(', ')
  const joins = ['join sluice_source s on s.source_id = l.source_id', from.join, to.join]
  const record = (row: Row): LinkRecord => {
    const text = (name: string) => textOrNull(row[name]) ?? ''
    return {
      fromId: text('from_id'),
      from: text('from_display') || text('from_id'),
      toId: text('to_id'),
      to: text('to_display') || text('to_id'),
      source: text('source'),
      properties: Object.fromEntries(readers.map(({ property, value }) => [property.name, value(row)])),
    }
  }
  return {
    text: `select ${select}\nfrom ${identifier(linkTable(association.name))} l\n${joins.filter((join) => join !== undefined).join('\n')}`,
    comparables: [
      ...readers.map(({ property, expression }) => ({ name: property.name, property, expression })),
      ...[
        { name: 'from', expression: from.expression },
        { name: 'to', expression: to.expression },
        { name: 'source', expression: 's.name' },
      ].map(
        ({ name, expression }): Comparable => ({
          name,
          expression,
          property: { name, type: 'string', required: true },
        }),
      ),
    ],
    record,
  }
}

function compile(model: StoredModel, association: Association, query: LinkQuery) {
  const reader = linkReader(model, association)
  const values: unknown[] = ['source', 'from', 'to']
  const conditions = compileConditions(query.where ?? [], reader.comparables, values)
  const behind = '(l.source_id, l.from_id, l.to_id) > ($1::integer, $2::bigint, $3::bigint)'
  return {
    text: `${reader.text}\nwhere ${[behind, ...conditions].join(' and ')}\norder by l.source_id, l.from_id, l.to_id`,
    values: values.slice(3),
    record: reader.record,
  }
}
