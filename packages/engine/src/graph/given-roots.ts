/**
 * Roots that people want evaluated anew, whatever has changed.
 *
 * @module
 */
import type { WantedRoots } from '@sluice/model'
import {
  one,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import { UnknownRootError } from './root-errors.ts'
import { storedFailures, storedNodes, storedResults } from './tables.ts'

/** Root kinds are those for which a syncmapping runs. */
export interface GivenRoots {
  readonly source: string
  readonly sourceId: number
  readonly kinds: readonly string[]
  readonly wanted: WantedRoots
}

/** How many there are. Throws `UnknownRootError` where one that is named is none. */
export async function countGivenRoots(session: Session, given: GivenRoots): Promise<number> {
  const { wanted, source, kinds } = given
  if ('roots' in wanted) {
    const { rows } = await run(session, findStrangers(given, wanted.roots))
    if (rows.length > 0) throw new UnknownRootError(source, rows, kinds)
  }
  const counted = statement<{ count: number }>(
    'graph/count-given-roots',
    sql`select count(*)::int as count from (${rootsOf(given)}) x`,
  )
  return (await one(session, counted)).count
}

/** root */
export async function takeGivenRoots({ session, workTables }: SourcePart, given: GivenRoots): Promise<Table> {
  const { table } = await workTables.fill(
    workTables.named('graph_roots'),
    statement('graph/take-given-roots', sql`select x.root collate "C" as root from (${rootsOf(given)}) x`),
  )
  await run(session, analyze(table))
  return table
}

/** Query (root). Of a kind, and of all, those too that give something though no syncmapping runs for them any more. */
function rootsOf({ sourceId, kinds, wanted }: GivenRoots): SQL {
  const own = (alias: SQL) => sql`${alias}.source_id = ${sql.literal(sourceId)}`
  if ('roots' in wanted) return sql`select distinct x.root from unnest(${texts(wanted.roots)}) x(root)`
  if ('failed' in wanted) {
    const ofKind = wanted.kind === undefined ? sql.blank : sql` and f.kind = ${sql.value(wanted.kind)}`
    return sql`select f.root from ${storedFailures} f where ${own(sql`f`)}${ofKind}`
  }
  const among =
    'kind' in wanted
      ? sql`n.kind = ${sql.value(wanted.kind)} and (n.kind = any(${texts(kinds)}) or ${knownRoot(sourceId, sql`n.id`)})`
      : sql`n.kind = any(${texts(kinds)})`
  const nodes = sql`select n.id as root from ${storedNodes} n where ${own(sql`n`)} and ${among}`
  if ('kind' in wanted) return nodes
  return sql`${nodes} union select s.root from ${storedResults} s where ${own(sql`s`)} union select f.root from ${storedFailures} f where ${own(sql`f`)}`
}

function knownRoot(sourceId: number, name: SQL): SQL {
  const of = (table: Table) =>
    sql`exists (select from ${table} k where k.source_id = ${sql.literal(sourceId)} and k.root = ${name})`
  return sql`(${of(storedResults)} or ${of(storedFailures)})`
}

/** Named, and neither a node of a kind that is a root nor anything that gives or failed. */
function findStrangers(
  { sourceId, kinds }: GivenRoots,
  names: readonly string[],
): Statement<{ root: string; kind: string | null }> {
  return statement(
    'graph/find-strangers',
    sql`select x.root, n.kind from unnest(${texts(names)}) x(root)
    left join ${storedNodes} n on n.source_id = ${sql.literal(sourceId)} and n.id = x.root
    where (n.kind = any(${texts(kinds)})) is not true and not ${knownRoot(sourceId, sql`x.root`)} order by x.root limit 10`,
  )
}

function texts(names: readonly string[]): SQL {
  return sql`${sql.value([...names])}::text[]`
}
