/**
 * What one root reaches in the graph that is stored: read for whoever evaluates it again, nothing is written.
 *
 * @module
 */
import { run, type Session, type SQL, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import type { Reach, Subgraphs, Way } from './evaluation.ts'
import { bothWays } from './graph-now.ts'
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

function readSubgraph({ sourceId, root, reach }: OneRoot): Statement<SubgraphRow> {
  const own = (alias: SQL) => sql`${alias}.source_id = ${sql.literal(sourceId)}`
  const relationships = sql`(select ${columnsOf(sql`s`, relationshipColumns)} from ${storedRelationships} s where ${own(sql`s`)})`
  const nodes = sql`(select ${columnsOf(sql`s`, nodeColumns)} from ${storedNodes} s where ${own(sql`s`)})`
  return statement(
    'graph/read-stored-subgraph',
    sql`with recursive positions as (select * from ${positionRows(positionsOf(reach))}),
    reached(node, position) as (
      select n.id, p.position from ${nodes} n join positions p on p.kind = n.kind
        where n.id = ${sql.value(root)} and p.from_position is null
      union
      select x.other, p.position from reached r join positions p on p.from_position = r.position
        join lateral (select e.other from ${bothWays(relationships)} e
          where e.node = r.node and e.role = coalesce(p.role, e.role) and e.other_role = coalesce(p.other_role, e.other_role)
            and e.relationship = coalesce(p.relationship, e.relationship)) x on true
        join lateral (select n.kind from ${nodes} n where n.id = x.other) n on n.kind = coalesce(p.kind, n.kind)),
    names as (select node from reached union select ${sql.value(root)}),
    inside as (select row_number() over (order by n.id) as number, n.* from names join ${nodes} n on n.id = names.node),
    joined as (select dense_rank() over (order by r.kind, r.from_role, r.to_role) as way, f.number as from_number, t.number as to_number, r.*
      from inside f join ${relationships} r on r.from_id = f.id join inside t on t.id = r.to_id)
    select
      (select '[' || coalesce(string_agg(concat('[', n.number, ',', to_json(n.id), ',', to_json(n.kind), ',', n.destroyed::text, ',', n.attributes, ']'), ',' order by n.number), '') || ']' from inside n) as nodes,
      (select '[' || coalesce(string_agg(concat('[', row_number, ',', e.from_number, ',', e.to_number, ',', e.way, ',', e.attributes, ']'), ',' order by e.id), '') || ']'
        from (select row_number() over (order by j.id) as row_number, j.* from joined j) e) as edges,
      (select coalesce(json_agg(w), '[]')::text from (select distinct way, kind, from_role as "fromRole", to_role as "toRole" from joined) w) as ways,
      (select n.number::int from inside n where n.id = ${sql.value(root)}) as root`,
  )
}
