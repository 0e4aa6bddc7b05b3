/**
 * What one root reaches in the graph that is stored: read for whoever evaluates it again, nothing is written.
 *
 * @module
 */
import { run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import type { Reach, Subgraphs, Way } from './evaluation.ts'
import { positionRows, positionsOf } from './positions.ts'
import { columnsOf, nodeColumns, relationshipColumns, storedNodes, storedRelationships } from './tables.ts'

export interface StoredSubgraph {
  /** Of the one root. */
  readonly subgraphs: Subgraphs
  readonly ways: readonly Way[]
}

export interface OneRoot {
  readonly sourceId: number
  readonly root: string
  readonly reach: Reach
}

const waysSchema = z.array(
  z.object({ way: z.number(), kind: z.string(), fromRole: z.string(), toRole: z.string() }),
)

/** `undefined`: its node is not in the graph. Nothing is reached from a node of a kind for which no syncmapping runs. */
export async function readStoredSubgraph(session: Session, of: OneRoot): Promise<StoredSubgraph | undefined> {
  const [row] = (await run(session, readSubgraph(of))).rows
  if (row === undefined || row.root === null) return undefined
  const { nodes, edges, ways, root } = row
  return { subgraphs: { nodes, edges, roots: [root] }, ways: waysSchema.parse(JSON.parse(ways)) }
}

interface SubgraphRow {
  readonly nodes: string
  readonly edges: string
  readonly ways: string
  readonly root: number | null
}

/** One root is little of a graph: `offset 0` keeps the planner from reading all of it, whatever it thinks of a recursion. */
function readSubgraph({ sourceId, root, reach }: OneRoot): Statement<SubgraphRow> {
  const own = sql`s.source_id = ${sql.literal(sourceId)}`
  const nodesNamed = (name: SQL) =>
    sql`lateral (select ${columnsOf(sql`s`, nodeColumns)} from ${storedNodes} s where ${own} and s.id = ${name} offset 0)`
  const steps = (end: 'from' | 'to', otherEnd: 'from' | 'to') => {
    const column = (of: 'from' | 'to', part: 'id' | 'role') => sql`s.${sql.identifier(`${of}_${part}`)}`
    return sql`select s.id as edge, ${column(otherEnd, 'id')} as other from ${storedRelationships} s
      where ${own} and ${column(end, 'id')} = r.node and s.kind = coalesce(p.relationship, s.kind)
        and ${column(end, 'role')} = coalesce(p.role, ${column(end, 'role')})
        and ${column(otherEnd, 'role')} = coalesce(p.other_role, ${column(otherEnd, 'role')})`
  }
  return statement(
    'graph/read-stored-subgraph',
    sql`with recursive positions as (select * from ${positionRows(positionsOf(reach))}),
    reached(node, position, edge) as (
      select n.id, p.position, null collate "C" from positions p cross join ${nodesNamed(sql.value(root))} n
        where p.kind = n.kind and p.from_position is null
      union
      select x.other, p.position, x.edge from reached r join positions p on p.from_position = r.position
        cross join lateral (${steps('from', 'to')} union all ${steps('to', 'from')} offset 0) x
        cross join ${nodesNamed(sql`x.other`)} n
      where n.kind = coalesce(p.kind, n.kind)),
    names as (select node from reached union select ${sql.value(root)}),
    inside as (select row_number() over (order by n.id) as number, n.* from names cross join ${nodesNamed(sql`names.node`)} n),
    edges as (select dense_rank() over (order by r.kind, r.from_role, r.to_role) as way, row_number() over (order by r.id) as number,
        f.number as from_number, t.number as to_number, r.*
      from (select distinct edge from reached where edge is not null) e
        cross join lateral (select ${columnsOf(sql`s`, relationshipColumns)} from ${storedRelationships} s where ${own} and s.id = e.edge offset 0) r
        join inside f on f.id = r.from_id join inside t on t.id = r.to_id)
    select
      (select '[' || coalesce(string_agg(concat('[', n.number, ',', to_json(n.id), ',', to_json(n.kind), ',', n.destroyed::text, ',', n.attributes, ']'), ',' order by n.number), '') || ']' from inside n) as nodes,
      (select '[' || coalesce(string_agg(concat('[', e.number, ',', e.from_number, ',', e.to_number, ',', e.way, ',', e.attributes, ']'), ',' order by e.number), '') || ']' from edges e) as edges,
      (select coalesce(json_agg(w), '[]')::text from (select distinct way, kind, from_role as "fromRole", to_role as "toRole" from edges) w) as ways,
      (select n.number::int from inside n where n.id = ${sql.value(root)}) as root`,
  )
}
