/**
 * From a staged graph to the rows of a source's mappings.
 *
 * @module
 */
import type { ChangeCounts, EntityReport } from '@sluice/model'
import { one, run, sql, statement, type Table } from '@sluice/repository'
import { expectFew } from '../context/few-of-many.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { FromGraph } from '../intake/intake.ts'
import { recordRejected } from '../rows/rejected-rows.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'
import { findAffectedRoots, findReached } from './affected-roots.ts'
import type { Evaluation } from './evaluation.ts'
import { countChanges, createFailed, findGraphChanges } from './graph-changes.ts'
import { keepUnread } from './keep-unread.ts'
import { notesOf, reportOf } from './report-graph.ts'
import { compareResults, createResults, type Evaluating, stageResults } from './results.ts'
import { numberGraph } from './run-graph.ts'
import { type GraphPart, indexChanges, rejectUnnamed, type StagedGraph } from './staged-graph.ts'
import { fetchSubgraphs } from './subgraphs.ts'
import { storedNodes, storedRelationships } from './tables.ts'

/** A graph that was evaluated. */
export interface EvaluatedGraph extends FromGraph {
  stage(part: SourcePart, shape: EntityShape | LinkShape): Promise<StagedRows>
}

/** `unreadable`: what rows that could not be read seem to hold (mapping, field). */
export async function evaluateGraph(
  part: SourcePart,
  staged: StagedGraph,
  of: {
    readonly evaluation: Evaluation
    readonly unreadable: Table | undefined
    /** Of commands: roots that are evaluated whatever the commands touch. */
    readonly given?: Table | undefined
  },
): Promise<EvaluatedGraph> {
  const { session } = part
  const { evaluation } = of
  const { reach } = evaluation
  const rejected = await rejectUnnamed(part, staged)
  const withheld = await keepUnread(part, staged, of.unreadable)
  if (staged.commands) await indexChanges(part, staged)
  const affected = async () => (await findAffectedRoots(part, staged, reach)).table
  const roots = staged.commands ? (of.given ?? (await affected())) : undefined
  if (roots !== undefined) await expectFewRoots(part, roots)
  const whole = roots === undefined ? staged : await findReached(part, staged, { roots, reach })
  const graph = await numberGraph(part, whole)
  const results = await createResults(part)
  const subgraphs = fetchSubgraphs(part, graph, { reach, roots })
  const evaluated = await evaluation.evaluate(subgraphs, graph.ways, async (mapping, file) => {
    const target = results.get(mapping)?.target
    if (target !== undefined) await session.copyFrom(target, file, 'format csv')
  })
  const failed = await createFailed(part, evaluated.failed)
  if (evaluated.failed.length > 0) await recordFailed(part, failed)
  const evaluating: Evaluating = { results, failed, roots }
  const changed = await compareResults(part, evaluating)
  const changes = await findGraphChanges(part, staged, { results: changed, failed, roots })
  const counted = {
    nodes: await countChanges(part, 'nodes', changes),
    relationships: await countChanges(part, 'relationships', changes),
  }
  const counts = { staged, rejected, withheld, changes: counted }
  return {
    stage: (shaped, shape) => stageResults(shaped, shape, { evaluating, changed }),
    changes,
    withheld: withheld.nodes + withheld.relationships,
    reports: [await reportPart(part, 'nodes', counts), await reportPart(part, 'relationships', counts)],
    notes: notesOf({
      source: part.source.name,
      evaluated,
      gone: { nodes: counted.nodes.deleted, relationships: counted.relationships.deleted },
      loose: graph.loose,
      withheld: withheld.nodes + withheld.relationships,
    }),
  }
}

/** Roots that are looked at are few among all that is stored, or all of it is looked through. */
async function expectFewRoots({ session }: SourcePart, roots: Table): Promise<void> {
  const counted = statement<{ roots: number; nodes: number }>(
    'graph/count-roots',
    sql`select (select count(*) from ${roots})::int as roots,
      (select greatest(reltuples, 0) from pg_class where oid = ${sql.value(storedNodes.name)}::regclass)::float8 as nodes`,
  )
  const { roots: few, nodes } = await one(session, counted)
  await expectFew(session, few, nodes)
}

/** A root that failed is a row that was rejected. */
async function recordFailed(part: SourcePart, failed: Table): Promise<void> {
  const rows = sql`select 'graph', coalesce(f.file, ''), f.line, left(f.root, 200), null, f.kind, f.problem || ': ' || f.message from ${failed} f`
  await run(part.session, await recordRejected(part, 'graph/record-failed', rows))
}

interface Counting {
  readonly staged: StagedGraph
  readonly rejected: Readonly<Record<GraphPart, number>>
  readonly withheld: Readonly<Record<GraphPart, number>>
  readonly changes: Readonly<Record<GraphPart, ChangeCounts>>
}

async function reportPart(
  part: SourcePart,
  name: GraphPart,
  { staged, rejected, withheld, changes }: Counting,
): Promise<EntityReport> {
  const stored = name === 'nodes' ? storedNodes : storedRelationships
  const counted = statement<{ count: number }>(
    `graph/count-stored ${name}`,
    sql`select count(*)::int as count from ${stored} s where s.source_id = ${sql.literal(part.sourceId)}`,
  )
  return reportOf({
    part: name,
    source: part.source.name,
    counts: staged.counts[name],
    rejected: rejected[name],
    withheld: withheld[name],
    changes: changes[name],
    stored: (await one(part.session, counted)).count,
  })
}
