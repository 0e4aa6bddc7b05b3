/**
 * What evaluation gave: by mapping, root and key; and the staged rows that follow from it.
 *
 * @module
 */
import { associationColumns, entityColumns } from '@sluice/model'
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { SourcePart } from '../context/run-context.ts'
import { analyze } from '../context/work-tables.ts'
import { createStaging } from '../intake/staging.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'
import { storedResults } from './tables.ts'

export const resultColumns = ['mapping', 'root', 'key', 'fields'] as const

/** mapping, root, key, fields (jsonb): what evaluation copies into. */
export async function createResults({ workTables }: SourcePart): Promise<Table> {
  const table = workTables.named('graph_results')
  const text = sql`text collate "C"`
  await workTables.create(
    'graph/create-results',
    table,
    sql`mapping ${text} not null, root ${text} not null, key ${text} not null, fields jsonb not null`,
  )
  return table
}

/** Of which roots a run says what they give. */
export interface Evaluating {
  /** What they gave. */
  readonly results: Table
  /** root: those that failed; what they gave before stays. */
  readonly failed: Table
  /** root: the others say nothing, and give what they gave before. Absent: these are all roots there are. */
  readonly roots: Table | undefined
}

/**
 * What changes of the stored results: _operation (put, delete), mapping, root, key, fields. Of an incremental also what it is about:
 * the keys of which some root says something else than before.
 */
export async function compareResults(part: SourcePart, evaluating: Evaluating): Promise<Table> {
  const { session, workTables } = part
  await run(session, analyze(evaluating.results))
  const { table } = await workTables.fill(
    workTables.named('graph_changed_results'),
    findChangedResults(part.sourceId, evaluating),
  )
  await run(session, analyze(table))
  return table
}

function findChangedResults(sourceId: number, { results, failed, roots }: Evaluating): Statement {
  const among = roots === undefined ? sql.true : sql`exists (select from ${roots} a where a.root = s.root)`
  return statement(
    'graph/compare-results',
    sql`with before as (select s.mapping, s.root, s.key, s.fields from ${storedResults} s where s.source_id = ${sql.literal(sourceId)} and ${among}
        and not exists (select from ${failed} x where x.root = s.root))
    select case when n.key is null then 'delete' else 'put' end as _operation, coalesce(n.mapping, b.mapping) as mapping,
      coalesce(n.root, b.root) as root, coalesce(n.key, b.key) as key, n.fields
    from ${results} n full join before b on b.mapping = n.mapping and b.root = n.root and b.key = n.key
    where n.fields is distinct from b.fields`,
  )
}

/** Stages what all roots together say of a mapping; how many of its rows several roots say without sharing them is for the caller to know. */
export async function stageResults(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  of: { readonly evaluating: Evaluating; readonly changed: Table },
): Promise<StagedRows> {
  const commands = of.evaluating.roots !== undefined
  const staging = await createStaging(part, shape, { commands })
  const contributions = commands
    ? saidOfChanged(part.sourceId, shape, of)
    : saidOfAll(part.sourceId, shape, of.evaluating)
  const { session } = part
  await run(session, insertStaged(part, shape, { ...staging, contributions, commands }))
  const { count: rows } = await one(
    session,
    statement<{ count: number }>(
      'graph/count-staged',
      sql`select count(*)::int as count from ${staging.table}`,
    ),
  )
  const counts = { rows, read: rows, rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0 }
  return { table: staging.table, commands, counts }
}

/** Relation (root, key, fields) of everything that is said of a mapping after the run. */
function saidOfAll(
  sourceId: number,
  { mapping }: EntityShape | LinkShape,
  { results, failed }: Evaluating,
): SQL {
  const name = sql.value(mapping.name)
  return sql`(select n.root, n.key, n.fields from ${results} n where n.mapping = ${name}
    union all select s.root, s.key, s.fields from ${storedResults} s join ${failed} x on x.root = s.root
      where s.source_id = ${sql.literal(sourceId)} and s.mapping = ${name})`
}

/** The same, of keys alone about which something has changed; with a null in place of fields where nobody says anything any more. */
function saidOfChanged(
  sourceId: number,
  { mapping }: EntityShape | LinkShape,
  { changed }: { readonly changed: Table },
): SQL {
  const name = sql.value(mapping.name)
  const keys = sql`(select distinct c.key from ${changed} c where c.mapping = ${name}) k`
  const stays = sql`not exists (select from ${changed} c where c.mapping = s.mapping and c.root = s.root and c.key = s.key)`
  return sql`(select n.root, n.key, n.fields from ${changed} n where n.mapping = ${name} and n._operation = 'put'
    union all select s.root, s.key, s.fields from ${keys} join ${storedResults} s
      on s.source_id = ${sql.literal(sourceId)} and s.mapping = ${name} and s.key = k.key where ${stays}
    union all select '', k.key, null from ${keys})`
}

interface Staging {
  readonly table: Table
  readonly columns: readonly string[]
  readonly contributions: SQL
  readonly commands: boolean
}

/** One row for each key: what several roots say is laid over one another, in the order of their names. */
function insertStaged(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  { table, columns, contributions, commands }: Staging,
): Statement {
  const names = columns.map((name) => sql.identifier(name))
  const fields = fieldsOf(part, shape)
  const command = sql`case when m.fields is null then 'delete' else 'merge' end`
  const values = commands ? [command, ...fields] : fields
  return statement(
    `graph/stage-results ${shape.mapping.name}`,
    sql`insert into ${table} (${sql.join(names, ', ')})
    select ${sql.join(values, ', ')} from (
      select key, case when count(fields) < 2 then (array_agg(fields) filter (where fields is not null))[1] else
        (select jsonb_object_agg(f.key, f.value order by o.n) from unnest(array_agg(fields order by root) filter (where fields is not null))
          with ordinality o(fields, n), jsonb_each(o.fields) f) end as fields
      from ${contributions} x group by key order by key) m`,
  )
}

/** By staged column: what it holds. What names a row is there even where nobody says anything of it any more. */
function fieldsOf({ model }: SourcePart, shape: EntityShape | LinkShape): readonly SQL[] {
  const field = (column: string) => sql`m.fields ->> ${sql.literal(column)}`
  if ('type' in shape) {
    const { all, key } = entityColumns(shape.mapping, model)
    return all.map(({ name, column }) => (name === key.name ? sql`m.key` : field(column)))
  }
  const { all, from, to } = associationColumns(shape.mapping, model)
  const ends = new Map([
    [from.name, sql`(m.key::jsonb) ->> 0`],
    [to.name, sql`(m.key::jsonb) ->> 1`],
  ])
  return all.map(({ name, column }) => ends.get(name) ?? field(column))
}
