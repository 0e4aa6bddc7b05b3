/**
 * Which roots changes of the graph touch: those that reach what has changed. And what these roots reach now.
 *
 * All of it is few among many, looked for step by step through the indexes: what a recursion will find cannot be estimated, so the order is
 * not left to the planner (`offset 0`).
 *
 * @module
 */
import { run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { Reach } from './evaluation.ts'
import { bothWays, type GraphNow, graphNow } from './graph-now.ts'
import { positionRows, positionsOf } from './positions.ts'
import type { StagedGraph } from './staged-graph.ts'
import {
  columnsOf,
  nodeColumns,
  relationshipColumns,
  storedFailures,
  storedNodes,
  storedRelationships,
  storedResults,
} from './tables.ts'

/** The roots of a run that looks at some: node names, each once. */
export interface AffectedRoots {
  /** root */
  readonly table: Table
  readonly count: number
}

export async function findAffectedRoots(
  part: SourcePart,
  staged: StagedGraph,
  reach: Reach,
): Promise<AffectedRoots> {
  const { session, workTables, sourceId } = part
  const now = graphNow(sourceId, staged)
  const changed = await workTables.fill(workTables.named('graph_changed'), findChanged(sourceId, staged))
  await run(session, analyze(changed.table))
  const found = await workTables.fill(
    workTables.named('graph_roots'),
    findRoots({ sourceId, now, changed: changed.table, reach }),
  )
  await run(session, analyze(found.table))
  return found
}

/** node, kind: nodes that have changed, and the ends of relationships that have; with the kind that they are of, and the one they were of. */
function findChanged(sourceId: number, { nodes, relationships }: StagedGraph): Statement {
  const ends = sql`cross join lateral (values (r.from_id), (r.to_id)) e(node)`
  const own = (alias: SQL) => sql`${alias}.source_id = ${sql.literal(sourceId)}`
  return statement(
    'graph/find-changed-nodes',
    sql`select distinct c.node, k.kind from (
      select d.id as node from ${nodes} d
      union select e.node from ${relationships} r ${ends} where r._command <> 'delete'
      union select e.node from ${relationships} d join ${storedRelationships} r on r.id = d.id and ${own(sql`r`)} ${ends}) c
    cross join lateral (
      select s.kind from ${storedNodes} s where s.id = c.node and ${own(sql`s`)}
      union all select d.kind from ${nodes} d where d.id = c.node and d._command <> 'delete' offset 0) k`,
  )
}

interface FindingRoots {
  readonly sourceId: number
  readonly now: GraphNow
  readonly changed: Table
  readonly reach: Reach
}

/**
 * Backwards from what has changed. Both ends of a relationship that is gone have changed themselves, so that what a root reached by it is found
 * without it. A node that has changed may be a root itself, or may have been one; and roots that failed are tried again.
 */
function findRoots({ sourceId, now, changed, reach }: FindingRoots): Statement {
  const positions = positionRows(positionsOf(reach))
  const own = sql`source_id = ${sql.literal(sourceId)}`
  return statement(
    'graph/find-affected-roots',
    sql`with recursive positions as (select * from ${positions}),
    reaching(node, position) as (
      select c.node, p.position from ${changed} c join positions p on c.kind = coalesce(p.kind, c.kind)
      union
      select x.other, p.from_position from reaching r join positions p using (position)
        join lateral (select e.other from ${bothWays(now.relationships)} e
          where e.node = r.node and e.other_role = coalesce(p.role, e.other_role) and e.role = coalesce(p.other_role, e.role)
            and e.relationship = coalesce(p.relationship, e.relationship) offset 0) x on true
      where p.from_position is not null)
    select r.node as root from reaching r join positions p using (position) where p.from_position is null
    union select f.root from ${storedFailures} f where ${own}
    union select c.node from ${changed} c where exists (select from ${storedResults} s where ${own} and s.root = c.node)`,
  )
}

/** What the roots reach now, as a graph of its own. */
export async function findReached(
  part: SourcePart,
  staged: StagedGraph,
  { roots, reach }: { readonly roots: Table; readonly reach: Reach },
): Promise<Pick<StagedGraph, 'nodes' | 'relationships'>> {
  const { session, workTables, sourceId } = part
  const now = graphNow(sourceId, staged)
  const { table: names } = await workTables.fill(
    workTables.named('graph_reached'),
    findNames(now, roots, reach),
  )
  await run(session, analyze(names))
  const nodes = await workTables.fill(
    workTables.named('graph_reached_nodes'),
    numbered(
      'graph/take-reached-nodes',
      sql`${columnsOf(sql`n`, nodeColumns)}`,
      sql`${names} x cross join lateral (select * from ${now.nodes} n where n.id = x.node offset 0) n`,
    ),
  )
  const relationships = await workTables.fill(
    workTables.named('graph_reached_relationships'),
    numbered(
      'graph/take-reached-relationships',
      columnsOf(sql`r`, relationshipColumns),
      sql`${names} f cross join lateral (select * from ${now.relationships} r where r.from_id = f.node offset 0) r join ${names} t on t.node = r.to_id`,
    ),
  )
  return { nodes: nodes.table, relationships: relationships.table }
}

function numbered(name: string, columns: SQL, from: SQL): Statement {
  return statement(
    name,
    sql`select (row_number() over (order by x.id))::int as _row, x.* from (select ${columns} from ${from}) x`,
  )
}

function findNames(now: GraphNow, roots: Table, reach: Reach): Statement {
  return statement(
    'graph/find-reached-nodes',
    sql`with recursive positions as (select * from ${positionRows(positionsOf(reach))}),
    reached(node, position) as (
      select r.root, p.position from ${roots} r join lateral (select n.kind from ${now.nodes} n where n.id = r.root offset 0) n on true
        join positions p on p.kind = n.kind
        where p.from_position is null
      union
      select x.other, p.position from reached r join positions p on p.from_position = r.position
        join lateral (select e.other from ${bothWays(now.relationships)} e
          where e.node = r.node and e.role = coalesce(p.role, e.role) and e.other_role = coalesce(p.other_role, e.other_role)
            and e.relationship = coalesce(p.relationship, e.relationship) offset 0) x on true
        join lateral (select n.kind from ${now.nodes} n where n.id = x.other offset 0) n on n.kind = coalesce(p.kind, n.kind))
    select distinct node from reached`,
  )
}
