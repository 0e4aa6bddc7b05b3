/**
 * The links of a resource, by association and end: how many, and the first of them.
 *
 * @module
 */
import type { Association, EntityType, StoredModel } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { isA, linkTable } from '../layout/layout.ts'
import { sql, statement, Table } from '../sql/statement.ts'
import { type LinkRow, linkReader } from './read-links.ts'
import type { ExplainedLinks } from './read-types.ts'

const shownLinks = 5

export async function explainLinks(
  session: Session,
  model: StoredModel,
  type: EntityType,
  resourceId: string,
): Promise<readonly ExplainedLinks[]> {
  const found: ExplainedLinks[] = []
  for (const association of model.associations.values()) {
    for (const end of ['from', 'to'] as const) {
      if (!isA(model, type.name, association[end])) continue
      const links = await linksAt(session, model, association, end, resourceId)
      if (links.count > 0) found.push(links)
    }
  }
  return found
}

async function linksAt(
  session: Session,
  model: StoredModel,
  association: Association,
  end: 'from' | 'to',
  resourceId: string,
): Promise<ExplainedLinks> {
  const at = { from: sql`l.from_id`, to: sql`l.to_id` }[end]
  const here = sql`where ${at} = ${sql.value(resourceId)}::bigint`
  const reader = linkReader(model, association)
  const { count } = await one(
    session,
    statement<{ count: string }>(
      `explain/count-links ${association.name}`,
      sql`select count(*) as count from ${new Table(linkTable(association.name))} l ${here}`,
    ),
  )
  const { rows } = await run(
    session,
    statement<LinkRow>(
      `explain/first-links ${association.name}`,
      sql`${reader.query}
      ${here} order by l.source_id, l.from_id, l.to_id limit ${sql.literal(shownLinks)}`,
    ),
  )
  return {
    association: association.name,
    end,
    count: Number(count),
    first: rows.map((row) => {
      const link = reader.record(row)
      const { source, properties } = link
      const [id, display] = end === 'from' ? [link.toId, link.to] : [link.fromId, link.from]
      return { resourceId: id, display, source, properties }
    }),
  }
}
