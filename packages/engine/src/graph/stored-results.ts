/**
 * What roots gave, as it is stored: of one configuration item, and of one root.
 *
 * @module
 */
import { natureOf, type RootFailure } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { z } from 'zod'
import { storedFailures, storedNodes, storedResults } from './tables.ts'

/** A configuration item of a source that is a graph. */
export interface StoredCi {
  readonly sourceId: number
  /** Of the source: those that give configuration items, and those that give links. */
  readonly entities: readonly string[]
  readonly associations: readonly string[]
  readonly key: string
}

interface StoredOwner {
  readonly root: string
  readonly kind: string | null
  readonly failure: RootFailure | null
}

export interface StoredOwners {
  readonly count: number
  /** The first, and those whose values count. */
  readonly owners: readonly StoredOwner[]
  /** By property: the value that counts, and whose it is. */
  readonly values: ReadonlyMap<string, { readonly root: string; readonly value: string }>
}

/** So many owners are listed. */
const listedOwners = 20

/** What is laid over one another of all its roots, in the order of their names: `results.ts` stages it so. */
export async function readOwners(session: Session, ci: StoredCi): Promise<StoredOwners> {
  const [row] = (await run(session, findOwners(ci))).rows
  const { count, first, values } = ownersSchema.parse(row)
  const named = [...new Set([...first, ...values.map(({ root }) => root)])]
  const { rows } = await run(session, describeOwners(ci.sourceId, named))
  return {
    count,
    owners: rows.map(({ root, kind, problem, since_run, ...failure }) => ({
      root,
      kind,
      failure:
        problem === null
          ? null
          : { ...failure, problem, nature: natureOf(problem), sinceRun: Number(since_run) },
    })),
    values: new Map(values.map(({ property, ...of }) => [property, of])),
  }
}

const ownersSchema = z.object({
  count: z.number(),
  first: z.array(z.string()),
  values: z.array(z.object({ property: z.string(), root: z.string(), value: z.string() })),
})

function findOwners({ sourceId, entities, key }: StoredCi): Statement {
  return statement(
    'graph/find-owners',
    sql`with own as (select s.root, s.fields from ${storedResults} s where s.source_id = ${sql.literal(sourceId)}
        and s.mapping = any(${sql.value([...entities])}::text[]) and s.key = ${sql.value(key)})
    select (select count(*)::int from own) as count,
      array(select o.root from own o order by o.root limit ${sql.literal(listedOwners)}) as first,
      (select coalesce(json_agg(v), '[]') from (select distinct on (f.key) f.key as property, o.root, f.value
        from own o, jsonb_each_text(o.fields) f order by f.key, o.root desc) v) as values`,
  )
}

interface OwnerRow {
  readonly root: string
  readonly kind: string | null
  readonly problem: string | null
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly since_run: string
}

function describeOwners(sourceId: number, roots: readonly string[]): Statement<OwnerRow> {
  const own = sql.literal(sourceId)
  return statement(
    'graph/describe-owners',
    sql`select r.root, coalesce(n.kind, f.kind) as kind, f.problem, f.message, f.file, f.line, f.column_number as column, f.since_run
    from unnest(${sql.value([...roots])}::text[]) r(root)
    left join ${storedNodes} n on n.source_id = ${own} and n.id = r.root
    left join ${storedFailures} f on f.source_id = ${own} and f.root = r.root order by r.root collate "C"`,
  )
}

export interface StoredResult {
  readonly mapping: string
  readonly key: string
  readonly fields: Readonly<Record<string, string>>
}

/** What is stored of a root about a configuration item: itself, and its links. */
export async function readStoredResults(
  session: Session,
  ci: StoredCi,
  root: string,
): Promise<readonly StoredResult[]> {
  return (await run(session, resultsOfRoot(ci, root))).rows
}

function resultsOfRoot({ sourceId, associations, key }: StoredCi, root: string): Statement<StoredResult> {
  // A key of a link is a JSON list of its ends; any other is no JSON at all.
  const isEnd = sql`case when s.mapping = any(${sql.value([...associations])}::text[]) then
    (s.key::jsonb) ->> 0 = ${sql.value(key)} or (s.key::jsonb) ->> 1 = ${sql.value(key)} else s.key = ${sql.value(key)} end`
  return statement(
    'graph/results-of-root',
    sql`select s.mapping, s.key, s.fields from ${storedResults} s
    where s.source_id = ${sql.literal(sourceId)} and s.root = ${sql.value(root)} and ${isEnd} order by s.mapping, s.key`,
  )
}

/** All that a root gave when its evaluation succeeded last, up to so many. */
export async function readResultsOfRoot(
  session: Session,
  of: { readonly sourceId: number; readonly root: string; readonly limit: number },
): Promise<readonly StoredResult[]> {
  return (await run(session, allOfRoot(of))).rows
}

function allOfRoot({
  sourceId,
  root,
  limit,
}: Parameters<typeof readResultsOfRoot>[1]): Statement<StoredResult> {
  return statement(
    'graph/all-of-root',
    sql`select s.mapping, s.key, s.fields from ${storedResults} s
    where s.source_id = ${sql.literal(sourceId)} and s.root = ${sql.value(root)} order by s.mapping, s.key limit ${sql.literal(limit)}`,
  )
}
