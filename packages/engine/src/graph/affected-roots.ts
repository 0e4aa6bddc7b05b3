/**
 * Which roots changes of the graph touch: those that reach, or reached, what has changed. And what these roots reach now.
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

/** Nodes that have changed, and the ends of relationships that have. */
function findChanged(sourceId: number, { nodes, relationships }: StagedGraph): Statement {
  const ends = sql`cross join lateral (values (r.from_id), (r.to_id)) e(node)`
  return statement(
    'graph/find-changed-nodes',
    sql`select d.id as node from ${nodes} d
    union select e.node from ${relationships} r ${ends} where r._command <> 'delete'
    union select e.node from ${relationships} d join ${storedRelationships} r on r.id = d.id and r.source_id = ${sql.literal(sourceId)} ${ends}`,
  )
}

interface FindingRoots {
  readonly sourceId: number
  readonly now: GraphNow
  readonly changed: Table
  readonly reach: Reach
}

/**
 * Backwards from what has changed, over relationships that are there or were. A node that has changed may be a root itself, or may have
 * been one; and roots that failed are tried again.
 */
function findRoots({ sourceId, now, changed, reach }: FindingRoots): Statement {
  const positions = positionRows(positionsOf(reach))
  const own = sql`source_id = ${sql.literal(sourceId)}`
  return statement(
    'graph/find-affected-roots',
    sql`with recursive positions as (select * from ${positions}),
    reaching(node, position) as (
      select c.node, p.position from ${changed} c cross join positions p
      union
      select x.other, p.from_position from reaching r join positions p using (position)
        join lateral (select e.other from ${bothWays(now.relationshipsEver)} e
          where e.node = r.node and e.other_role = coalesce(p.role, e.other_role) and e.role = coalesce(p.other_role, e.role)
            and e.relationship = coalesce(p.relationship, e.relationship)) x on true
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
      sql`${now.nodes} n join ${names} x on x.node = n.id`,
    ),
  )
  const relationships = await workTables.fill(
    workTables.named('graph_reached_relationships'),
    numbered(
      'graph/take-reached-relationships',
      columnsOf(sql`r`, relationshipColumns),
      sql`${names} f join ${now.relationships} r on r.from_id = f.node join ${names} t on t.node = r.to_id`,
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
      select r.root, p.position from ${roots} r join ${now.nodes} n on n.id = r.root join positions p on p.kind = n.kind
        where p.from_position is null
      union
      select x.other, p.position from reached r join positions p on p.from_position = r.position
        join lateral (select e.other from ${bothWays(now.relationships)} e
          where e.node = r.node and e.role = coalesce(p.role, e.role) and e.other_role = coalesce(p.other_role, e.other_role)
            and e.relationship = coalesce(p.relationship, e.relationship)) x on true
        join lateral (select n.kind from ${now.nodes} n where n.id = x.other) n on n.kind = coalesce(p.kind, n.kind))
    select distinct node from reached`,
  )
}
