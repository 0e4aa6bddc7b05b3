/**
 * The graph that a run evaluates, with numbers in place of names.
 *
 * @module
 */
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import type { Way } from './evaluation.ts'
import type { StagedGraph } from './staged-graph.ts'

/** Relationships that lie alike: of one kind, between the same roles of nodes of the same kinds. */
interface KnownWay extends Way {
  readonly fromKind: string
  readonly toKind: string
}

export interface RunGraph {
  /** _row, id, kind, attributes, destroyed. */
  readonly nodes: Table
  /** _row, from_node, to_node, way, attributes. */
  readonly edges: Table
  readonly ways: readonly KnownWay[]
  /** Relationships that name a node that is not there, and one of them. */
  readonly loose: { readonly count: number; readonly example: string | null }
}

/** @param graph Whole: of a complete what is staged, of an incremental what its roots reach. */
export async function numberGraph(
  part: SourcePart,
  { nodes, relationships }: Pick<StagedGraph, 'nodes' | 'relationships'>,
): Promise<RunGraph> {
  const { session, workTables } = part
  await run(session, indexRows(nodes))
  await run(session, analyze(nodes))
  const { table: numbered } = await workTables.fill(
    workTables.named('graph_ways'),
    findWays(nodes, relationships),
  )
  const { rows: ways } = await run(session, readWays(numbered))
  const { table: edges } = await workTables.fill(
    workTables.named('graph_edges'),
    findEdges(nodes, relationships, numbered),
  )
  await run(session, indexRows(edges))
  await run(session, indexEdges(edges, 'from_node'))
  await run(session, indexEdges(edges, 'to_node'))
  await run(session, analyze(edges))
  const loose = await one(session, findLoose(nodes, relationships, edges))
  return { nodes, edges, ways, loose }
}

function indexRows(numbered: Table): Statement {
  return statement('graph/index-numbers', sql`create unique index on ${numbered} (_row)`)
}

function ends(nodes: Table, relationships: Table): SQL {
  return sql`${relationships} r join ${nodes} f on f.id = r.from_id join ${nodes} t on t.id = r.to_id`
}

function findWays(nodes: Table, relationships: Table): Statement {
  return statement(
    'graph/find-ways',
    sql`select (row_number() over ())::int as way, w.* from (
      select distinct f.kind as from_kind, r.from_role, r.kind, r.to_role, t.kind as to_kind from ${ends(nodes, relationships)}) w`,
  )
}

function readWays(ways: Table): Statement<KnownWay> {
  return statement(
    'graph/read-ways',
    sql`select way, kind, from_role as "fromRole", to_role as "toRole", from_kind as "fromKind", to_kind as "toKind" from ${ways}`,
  )
}

function findEdges(nodes: Table, relationships: Table, ways: Table): Statement {
  return statement(
    'graph/find-edges',
    sql`select r._row, f._row as from_node, t._row as to_node, w.way, r.attributes
    from ${ends(nodes, relationships)}
    join ${ways} w on w.from_kind = f.kind and w.from_role = r.from_role and w.kind = r.kind and w.to_role = r.to_role and w.to_kind = t.kind`,
  )
}

function indexEdges(edges: Table, end: 'from_node' | 'to_node'): Statement {
  return statement(`graph/index-edges ${end}`, sql`create index on ${edges} (${sql.identifier(end)}, way)`)
}

function findLoose(
  nodes: Table,
  relationships: Table,
  edges: Table,
): Statement<{ count: number; example: string | null }> {
  const isKnown = (end: 'from_id' | 'to_id') =>
    sql`exists (select from ${nodes} n where n.id = r.${sql.identifier(end)})`
  return statement(
    'graph/find-loose-relationships',
    sql`select c.count, case when c.count > 0 then
        (select left(r.id, 200) from ${relationships} r where not (${isKnown('from_id')} and ${isKnown('to_id')}) limit 1) end as example
    from (select ((select count(*) from ${relationships}) - (select count(*) from ${edges}))::int as count) c`,
  )
}
