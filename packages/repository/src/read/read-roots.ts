/**
 * Reads the roots of a source that is a graph: what each gives, and what stopped those that failed.
 *
 * @module
 */
import { natureOf, type RootFailure, type RootRecord, type ShownRoot } from '@sluice/model'
import type { Database, Row, Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { UnknownNameError } from './read-errors.ts'
import { readModel } from './read-model.ts'

export interface RootsQuery {
  /** Only those that failed the last time that they were evaluated. */
  readonly failed?: boolean | undefined
  /** Only those of this kind. */
  readonly kind?: string | undefined
  readonly limit?: number | undefined
  /** Goes on behind this root. */
  readonly after?: string | undefined
}

/** Roots of a page: each takes some look-ups. */
const pageSize = 1000

/** In the order of their names. */
export async function* readRoots(
  database: Database,
  source: string,
  { failed, kind, limit = Number.POSITIVE_INFINITY, after }: RootsQuery = {},
): AsyncGenerator<RootRecord> {
  const of = await database.session((session) => lookUp(session, source))
  let left = limit
  for (let behind = after ?? ''; left > 0; ) {
    const page = rootsBehind(of, behind, failed === true)
    const { rows } = await database.session((session) => run(session, page))
    for (const row of rows) {
      if (kind !== undefined && row.kind !== kind) continue
      if (left <= 0) return
      left -= 1
      yield recordOf(row)
    }
    if (rows.length < pageSize) return
    behind = rows.at(-1)?.root ?? behind
  }
}

/** `undefined`: it gives nothing, and did not fail. */
export async function readRoot(
  database: Database,
  source: string,
  root: string,
): Promise<ShownRoot | undefined> {
  return await database.session(async (session) => {
    const of = await lookUp(session, source)
    const [row] = (await run(session, describeRoots(of, sql`select ${sql.value(root)} as root`))).rows
    if (row === undefined || row.cis + row.links + (row.problem === null ? 0 : 1) === 0) return undefined
    return { ...recordOf(row), gives: [...(await run(session, givenBy(of, root))).rows] }
  })
}

/** How many roots of each source failed the last time that they were evaluated. */
export async function countFailedRoots(
  database: Database,
): Promise<readonly { readonly source: string; readonly count: number }[]> {
  return (await database.session((session) => run(session, countFailed))).rows
}

const countFailed = statement<{ source: string; count: number }>(
  'read/count-failed-roots',
  sql`select s.name as source, count(*)::int as count from sluice_graph_failure f join sluice_source s using (source_id) group by s.name`,
)

interface OfSource {
  readonly sourceId: number
  /** Of the source: those that give links. */
  readonly associations: readonly string[]
}

async function lookUp(session: Session, source: string): Promise<OfSource> {
  const model = await readModel(session)
  const known = model.sources.get(source)
  const { rows } = await run(
    session,
    statement<{ source_id: number }>(
      'read/source',
      sql`select source_id from sluice_source where name = ${sql.value(source)}`,
    ),
  )
  const [row] = rows
  if (row === undefined || known === undefined)
    throw new UnknownNameError('source', source, [...model.sources.keys()])
  return { sourceId: row.source_id, associations: known.associations.map(({ association }) => association) }
}

interface RootRow extends Row {
  readonly root: string
  readonly kind: string
  readonly cis: number
  readonly links: number
  readonly problem: string | null
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column_number: number | null
  readonly since_run: string
}

/** The next so many names: one after the other through the indexes, since few of all results are of another root. */
function rootsBehind(of: OfSource, after: string, failed: boolean): Statement<RootRow> {
  const own = sql`source_id = ${sql.literal(of.sourceId)}`
  const first = (table: SQL, behind: SQL) =>
    sql`(select root from ${table} where ${own} and root > ${behind} order by root limit 1)`
  const next = (behind: SQL) =>
    failed
      ? first(sql`sluice_graph_failure`, behind)
      : sql`(select min(x.root) from (${first(sql`sluice_graph_result`, behind)} union all ${first(sql`sluice_graph_failure`, behind)}) x)`
  const names = sql`with recursive names(root) as (
      select ${next(sql`${sql.value(after)}`)} union all select ${next(sql`n.root`)} from names n where n.root is not null)
    select root from names where root is not null limit ${sql.literal(pageSize)}`
  return describeRoots(of, names)
}

/** `names`: query (root). */
function describeRoots({ sourceId, associations }: OfSource, names: SQL): Statement<RootRow> {
  const own = (alias: SQL) => sql`${alias}.source_id = ${sql.literal(sourceId)}`
  const isLink = sql`s.mapping = any(${sql.value([...associations])}::text[])`
  return statement(
    'read/roots',
    sql`select r.root, coalesce(n.kind, f.kind, '') as kind, s.cis, s.links, f.problem, f.message, f.file, f.line, f.column_number, f.since_run
    from (${names}) r
    left join sluice_graph_node n on ${own(sql`n`)} and n.id = r.root
    left join sluice_graph_failure f on ${own(sql`f`)} and f.root = r.root
    cross join lateral (select (count(*) filter (where not ${isLink}))::int as cis, (count(*) filter (where ${isLink}))::int as links
      from sluice_graph_result s where ${own(sql`s`)} and s.root = r.root) s
    order by r.root`,
  )
}

/** What is shown of what a root gives, and of those with which it shares one thing. */
const [mostShown, mostOthers] = [1000, 5]

function givenBy({ sourceId }: OfSource, root: string): Statement<ShownRoot['gives'][number]> {
  const others = sql`from sluice_graph_result o
    where o.source_id = s.source_id and o.mapping = s.mapping and o.key = s.key and o.root <> s.root`
  return statement(
    'read/given-by-root',
    sql`select s.mapping, s.key, s.fields, (select count(*)::int ${others}) as others,
      array(select o.root ${others} order by o.root limit ${sql.literal(mostOthers)}) as "sharedWith"
    from sluice_graph_result s where s.source_id = ${sql.literal(sourceId)} and s.root = ${sql.value(root)}
    order by s.mapping, s.key limit ${sql.literal(mostShown)}`,
  )
}

function recordOf(row: RootRow): RootRecord {
  const { root, kind, cis, links } = row
  return { root, kind, cis, links, failure: failureOf(row) }
}

function failureOf(row: RootRow): RootFailure | null {
  const { problem, message, file, line, column_number: column, since_run } = row
  if (problem === null) return null
  return { problem, nature: natureOf(problem), message, file, line, column, sinceRun: Number(since_run) }
}
