/**
 * Nodes and relationships of a complete that could not be read: they were in the source, so they stay as they are stored.
 *
 * @module
 */
import { one, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { GraphPart, StagedGraph } from './staged-graph.ts'
import { columnsOf, nodeColumns, relationshipColumns, storedNodes, storedRelationships } from './tables.ts'

/** Adds them to what is staged. `unreadable`: mapping, field. How many those were. */
export async function keepUnread(
  { session, sourceId }: SourcePart,
  staged: StagedGraph,
  unreadable: Table | undefined,
): Promise<Readonly<Record<GraphPart, number>>> {
  if (unreadable === undefined || staged.commands) return { nodes: 0, relationships: 0 }
  const named = (part: GraphPart, name: SQL) =>
    sql`exists (select from ${unreadable} u where u.mapping = ${sql.literal(part)} and u.field = ${name})`
  const kept = async (part: GraphPart, condition: SQL) =>
    (await one(session, keep(part, staged[part], { sourceId, condition }))).count
  return {
    nodes: await kept('nodes', named('nodes', sql`s.id`)),
    relationships: await kept(
      'relationships',
      sql`${named('relationships', sql`s.from_id`)} and ${named('relationships', sql`s.to_id`)}`,
    ),
  }
}

function keep(
  part: GraphPart,
  staged: Table,
  { sourceId, condition }: { readonly sourceId: number; readonly condition: SQL },
): Statement<{ count: number }> {
  const [stored, names] =
    part === 'nodes' ? [storedNodes, nodeColumns] : [storedRelationships, relationshipColumns]
  const columns = sql.join(
    names.map((name) => sql.identifier(name)),
    ', ',
  )
  // The column is a text where rows are staged.
  const destroyed = part === 'nodes' ? sql`case when s.destroyed then 'true' end as destroyed` : sql.blank
  const values =
    part === 'nodes'
      ? sql`${columnsOf(sql`s`, nodeColumns.slice(0, -1))}, ${destroyed}`
      : columnsOf(sql`s`, relationshipColumns)
  return statement(
    `graph/keep-unread ${part}`,
    sql`with kept as (insert into ${staged} (${columns}) select ${values} from ${stored} s
      where s.source_id = ${sql.literal(sourceId)} and ${condition}
        and not exists (select from ${staged} g where g.id = s.id) returning 1)
    select count(*)::int as count from kept`,
  )
}
