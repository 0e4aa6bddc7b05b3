/**
 * What roots reach, fetched for many of them at once.
 *
 * @module
 */
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import type { Reach, Subgraphs } from './evaluation.ts'
import { type Position, positionsOf, type Reached, reachedBy } from './positions.ts'
import type { RunGraph } from './run-graph.ts'

/** Roots of one statement: their nodes are a megabyte of JSON, which is what is in memory at a time. More at once are fetched no faster. */
const rootsAtOnce = 50

/** Every root of the graph that it is asked for, batch by batch, in the order of their names. */
export async function* fetchSubgraphs(
  part: SourcePart,
  graph: RunGraph,
  of: { readonly reach: Reach; readonly roots: Table | undefined },
): AsyncGenerator<Subgraphs> {
  const { session, workTables, signal } = part
  const positions = positionsOf(of.reach)
  const reached = reachedBy(positions, graph.ways)
  const { table: roots, count } = await workTables.fill(
    workTables.named('graph_numbered_roots'),
    numberRoots(graph.nodes, positions, of.roots),
  )
  await run(session, indexRoots(roots))
  for (let first = 1; first <= count; first += rootsAtOnce) {
    signal?.throwIfAborted()
    yield await one(session, fetchBatch(graph, reached, { roots, first }))
  }
}

function numberRoots(nodes: Table, positions: readonly Position[], among: Table | undefined): Statement {
  const kinds = positions.filter(({ from }) => from === undefined)
  const rows = kinds.map(({ kind, position }) => sql`(${sql.value(kind ?? '')}, ${sql.literal(position)})`)
  const asked = among === undefined ? sql.blank : sql`join ${among} a on a.root = n.id`
  return statement(
    'graph/number-roots',
    sql`select (row_number() over (order by n.id))::int as number, n._row as node, k.position
    from ${nodes} n join (values ${sql.join(rows, ', ')}) k(kind, position) on k.kind = n.kind ${asked}`,
  )
}

function indexRoots(roots: Table): Statement {
  return statement('graph/index-roots', sql`create unique index on ${roots} (number)`)
}

/**
 * One step after the other for each node, through the indexes: what a recursion will find cannot be estimated, so that the order is not left
 * to the planner (`offset 0`).
 */
function fetchBatch(
  { nodes, edges }: RunGraph,
  reached: readonly Reached[],
  { roots, first }: { readonly roots: Table; readonly first: number },
): Statement<Subgraphs> {
  const batch = sql`b.number between ${sql.literal(first)} and ${sql.literal(first + rootsAtOnce - 1)}`
  const steps =
    reached.length === 0
      ? sql`(select 0, 0, 0, true where false)`
      : sql`(values ${sql.join(reached.map(stepRow), ', ')})`
  return statement(
    'graph/fetch-subgraphs',
    sql`with recursive steps(from_position, position, way, is_forward) as (select * from ${steps} s),
    reached(node, position, edge, from_node, to_node, way, attributes) as (
      select b.node, b.position, null::integer, null::integer, null::integer, null::integer, null::text collate "C" from ${roots} b where ${batch}
      union
      select x.node, s.position, x.edge, x.from_node, x.to_node, s.way, x.attributes from reached r join steps s on s.from_position = r.position
        cross join lateral (
          select e.to_node as node, e._row as edge, e.from_node, e.to_node, e.attributes from ${edges} e
            where s.is_forward and e.from_node = r.node and e.way = s.way
          union all
          select e.from_node, e._row, e.from_node, e.to_node, e.attributes from ${edges} e
            where not s.is_forward and e.to_node = r.node and e.way = s.way offset 0) x)
    select
      (select ${jsonRows([sql`n._row`, sql`to_json(n.id)`, sql`to_json(n.kind)`, sql`(n.destroyed is not null)`, sql`n.attributes`])}
        from (select distinct node from reached) x cross join lateral (select * from ${nodes} n where n._row = x.node offset 0) n) as nodes,
      (select ${jsonRows([sql`e.edge`, sql`e.from_node`, sql`e.to_node`, sql`e.way`, sql`e.attributes`], sql`order by e.edge`)}
        from (select distinct on (edge) edge, from_node, to_node, way, attributes from reached where edge is not null) e) as edges,
      (select coalesce(array_agg(b.node order by b.number), '{}') from ${roots} b where ${batch}) as roots`,
  )
}

/** A JSON array of arrays; casts, because `concat` looks the type of each value up again in each row. */
function jsonRows(values: readonly SQL[], order: SQL = sql.blank): SQL {
  const texts = sql.join(
    values.map((value) => sql`${value}::text`),
    " || ',' || ",
  )
  return sql`'[' || coalesce(string_agg('[' || ${texts} || ']', ',' ${order}), '') || ']'`
}

function stepRow({ from, position, way, isForward }: Reached): SQL {
  return sql`(${sql.literal(from)}, ${sql.literal(position)}, ${sql.literal(way)}, ${isForward ? sql.true : sql.false})`
}
