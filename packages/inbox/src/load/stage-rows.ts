/**
 * Brings checked rows into the open table, by set statements in the transaction of the caller.
 *
 * Rows that are as they were are compared and not written, so a load costs what it changes. The triggers of the table keep its replicas in
 * step with what is written; what a load says of the others, that it has seen or missed them, is noted here.
 *
 * @module
 */
import { primaryKeyColumn, type Source } from '@sluice/model'
import {
  assertedTable,
  commas,
  copyTarget,
  more,
  replicaTable,
  run,
  type Session,
  type SQL,
  type Statement,
  shortened,
  sql,
  statement,
  Table,
} from '@sluice/repository'
import type { CheckedRows } from './checked-rows.ts'

export interface LoadTarget {
  readonly source: Pick<Source, 'name'>
  /** Of the source in the repository. */
  readonly sourceId: number
  readonly entityType: string
  /** Name of the mapping, under which the time of the load is kept. */
  readonly mapping: string
}

export interface StagedCounts {
  readonly inserted: number
  readonly changed: number
  readonly identical: number
  readonly duplicates: number
}

/** The rows of a load in a table that lasts as long as the transaction. */
export interface CopiedRows {
  readonly target: LoadTarget
  readonly work: Table
  readonly asserted: Table
  readonly replicas: Table
  /** Of values, unquoted; and those of them of which a cell may have been left out. */
  readonly names: readonly string[]
  readonly columns: readonly SQL[]
  readonly keepable: ReadonlySet<string>
  readonly count: number
  readonly duplicates: number
}

/** Copies the rows beside the open table, the first of each key; nobody else has to wait for that. */
export async function copyRows(
  session: Session,
  target: LoadTarget,
  { path, columns: names, keepable }: CheckedRows,
): Promise<CopiedRows> {
  const { source, sourceId, entityType, mapping } = target
  const work = new Table(shortened(`sluice_load_${sourceId}_${entityType.toLowerCase()}`))
  const columns = names.map((name) => sql.identifier(name))
  await run(session, createWork(target, work, columns))
  const into = copyTarget(`load/copy ${mapping}`, work, ['_n', primaryKeyColumn, ...names, '_kept'])
  const { rows } = await session.copyFrom(into, path, 'format csv')
  if (rows >= manyRows) await run(session, analyzeWork(work))
  const duplicates = await count(session, dropRepeated(target, work))
  return {
    target,
    work,
    asserted: new Table(assertedTable(entityType, sourceId)),
    replicas: new Table(replicaTable(source.name, entityType)),
    names,
    columns,
    keepable: new Set(keepable),
    count: rows - duplicates,
    duplicates,
  }
}

/** Brings copied rows into the open table; no run may be at work. */
export async function stageRows(session: Session, copied: CopiedRows): Promise<StagedCounts> {
  const { work, duplicates } = copied
  // Other clients write before or after the load, so that each row is compared with what stays.
  await run(session, lockAsserted(copied))
  const changed = await count(session, updateChanged(copied))
  const inserted = await count(session, insertNew(copied))
  await run(session, seeAgain(copied))
  await run(session, noteMissing(copied))
  await run(session, noteLoad(copied.target))
  await run(session, statement('load/drop-work', sql`drop table ${work}`))
  return { inserted, changed, identical: copied.count - inserted - changed, duplicates }
}

async function count(session: Session, of: Statement): Promise<number> {
  return (await run(session, of)).count
}

const key = sql.identifier(primaryKeyColumn)

/** From so many rows on, statistics cost less than what a misjudged plan does. */
const manyRows = 2_000

/** Several processes of the database may read it at once. */
function createWork({ mapping }: LoadTarget, work: Table, columns: readonly SQL[]): Statement {
  const texts = [key, ...columns].map((name) => sql`${name} text collate "C"`)
  return statement(
    `load/create-work ${mapping}`,
    sql`create unlogged table ${work} (_n bigint not null${more(texts)}, _kept text[])`,
  )
}

function analyzeWork(work: Table): Statement {
  return statement('load/analyze-work', sql`analyze ${work} (${key})`)
}

/** The first row of a key counts. */
function dropRepeated({ mapping }: LoadTarget, work: Table): Statement {
  return statement(
    `load/drop-repeated ${mapping}`,
    sql`delete from ${work} w using (
      select ${key}, min(_n) as first from ${work} group by ${key} having count(*) > 1
    ) d where w.${key} = d.${key} and w._n > d.first`,
  )
}

function lockAsserted({ asserted, target }: CopiedRows): Statement {
  return statement(
    `load/lock-asserted ${target.mapping}`,
    sql`lock table ${asserted} in share row exclusive mode`,
  )
}

/** What a cell that was left out leaves: what is staged. */
function valuesOf({ names, keepable }: CopiedRows): readonly SQL[] {
  return names.map((name) => {
    const column = sql.identifier(name)
    return keepable.has(name)
      ? sql`case when ${sql.literal(name)} = any(w._kept) then v.${column} else w.${column} end`
      : sql`w.${column}`
  })
}

function updateChanged(copied: CopiedRows): Statement {
  const { work, asserted, columns, target } = copied
  const values = valuesOf(copied)
  const set = columns.map((column, n) => sql`${column} = ${values[n] ?? sql.null}`)
  const stored = columns.map((column) => sql`v.${column}`)
  // A load of keys alone changes no row.
  const query =
    columns.length === 0
      ? sql`select from ${work} w where false`
      : sql`update ${asserted} v set ${commas(set)} from ${work} w
      where v.${key} = w.${key} and row(${commas(stored)}) is distinct from row(${commas(values)})`
  return statement(`load/update ${target.mapping}`, query)
}

/** In the order of the file, in which runs take them. */
function insertNew({ work, asserted, columns, target }: CopiedRows): Statement {
  return statement(
    `load/insert ${target.mapping}`,
    sql`insert into ${asserted} (${key}${more(columns)})
    select w.${key}${more(columns.map((column) => sql`w.${column}`))} from ${work} w
    where not exists (select from ${asserted} v where v.${key} = w.${key}) order by w._n`,
  )
}

/** Rows that did not change and were missing, or whose resource was marked: as if somebody had touched them. */
function seeAgain({ work, replicas, target }: CopiedRows): Statement {
  return statement(
    `load/see-again ${target.mapping}`,
    sql`update ${replicas} r set
      status = case r.status when 'obsolete' then 'modified' else r.status end,
      last_seen = clock_timestamp(), absent_since = null, revision = r.revision + 1
    from ${work} w where r.key = w.${key} and (r.absent_since is not null or r.status = 'obsolete')`,
  )
}

/** Of a row that is missing, when it was seen last: before this load. */
function noteMissing({ work, replicas, target }: CopiedRows): Statement {
  const { sourceId, mapping } = target
  return statement(
    `load/note-missing ${mapping}`,
    sql`update ${replicas} r set absent_since = greatest(r.last_seen, (select x.loaded_at from sluice_load x
      where x.source_id = ${sql.literal(sourceId)} and x.mapping = ${sql.literal(mapping)}))
    where r.absent_since is null and not exists (select from ${work} w where w.${key} = r.key)`,
  )
}

function noteLoad({ sourceId, mapping }: LoadTarget): Statement {
  return statement(
    `load/note-load ${mapping}`,
    sql`insert into sluice_load (source_id, mapping, loaded_at)
    values (${sql.literal(sourceId)}, ${sql.literal(mapping)}, clock_timestamp())
    on conflict (source_id, mapping) do update set loaded_at = excluded.loaded_at`,
  )
}
