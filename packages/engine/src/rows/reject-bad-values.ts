/**
 * Sets aside rows with a value that its property cannot hold; each is recorded once per bad column.
 *
 * @module
 */
import { longestRow, rowTooLong } from '@sluice/model'
import {
  anyOf,
  commas,
  exists,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
  unionAll,
} from '@sluice/repository'
import type { RunContext } from '../context/run-context.ts'
import type { EntityShape, ValueCheck } from '../sql/entity-shape.ts'
import type { End, LinkShape } from '../sql/link-shape.ts'
import { recordStanding } from './rejected-rows.ts'
import { placeOfRow, type RowPlace } from './row-places.ts'
import type { StagedRows } from './staged-rows.ts'

/** SQL condition: some value of the row cannot be held. `undefined` when every text is legal. */
export function badRowCondition(checks: readonly ValueCheck[]): SQL | undefined {
  const conditions = checks.flatMap((check) => badValueCondition(check) ?? [])
  return conditions.length === 0 ? undefined : anyOf(conditions)
}

function badValueCondition({ staged, required, valid }: ValueCheck): SQL | undefined {
  if (valid === undefined) return required ? sql`${staged} is null` : undefined
  const illegal = sql`${staged} is not null and not ${valid}`
  return required ? sql`${staged} is null or ${illegal}` : illegal
}

/** Whose values are looked at, and what people know a row by. */
export interface Rejecting {
  readonly mapping: string
  readonly file: string
  readonly key: SQL
  readonly checks: readonly ValueCheck[]
  /** The staged columns of the mapping: what is kept of a row, without what the engine has noted of it. */
  readonly columns: readonly string[]
  /** SQL: bytes of the row where it is stored; absent where none is too long. Asked only of rows whose values are legal. */
  readonly size?: SQL | undefined
  /** SQL condition of the rows whose values count; all of them when absent. */
  readonly among?: SQL | undefined
  /** SQL condition on a row: it says anew what becomes of a row with this key; where it has the same one when absent. */
  readonly isNamed?: ((key: SQL) => SQL) | undefined
  /** Where the rows stand in their files, if that is known. */
  readonly places?: readonly RowPlace[] | undefined
}

/** `rows`: where they come from, if that is known. */
export function rejectingEntities(
  { mapping, key, checks, columns, size }: EntityShape,
  rows?: Pick<StagedRows, 'places'>,
): Rejecting {
  return { mapping: mapping.name, file: mapping.file, key, checks, columns, size, places: rows?.places }
}

/** `own`: where the rows are about the entities at this end. */
export function rejectingLinks({ mapping, from, to, checks, columns }: LinkShape, own?: End): Rejecting {
  const rejecting = { mapping: mapping.name, file: mapping.file, key: keyOfPair(from, to), checks, columns }
  if (own === undefined) return rejecting
  const isNamed = (key: SQL) =>
    own === 'from'
      ? sql`starts_with(${key}, ${keyOfPair(from, sql`''`)})`
      : sql`right(${key}, length(${keyOfPair(sql`''`, to)})) = ${keyOfPair(sql`''`, to)}`
  return { ...rejecting, isNamed }
}

function keyOfPair(from: SQL, to: SQL): SQL {
  return sql`${from} || ' → ' || ${to}`
}

/** SQL condition: a row with the ends of the pair `q` (_from_value, _to_value) is rejected in this run. */
export async function isRejectedPair({ rejectedRows }: RunContext, { mapping }: LinkShape): Promise<SQL> {
  return sql`exists (select from ${await rejectedRows.table()} x where x.mapping = ${sql.literal(mapping.name)} and x.key = ${keyOfPair(sql`q._from_value`, sql`q._to_value`)})`
}

/**
 * Removes the rows with bad values, and then those that are too long, from `table` (staged rows or candidates), records
 * them, and returns how many there were.
 */
export async function rejectBadValues(context: RunContext, table: Table, of: Rejecting): Promise<number> {
  const illegal = badRowCondition(of.checks)
  const bad = illegal !== undefined && (await areThere(context, table, of, illegal))
  return await rejectCounted(context, table, of, bad ? 1 : 0)
}

/** The same, where somebody has counted the rows with `bad` values together with something else. */
export async function rejectCounted(
  context: RunContext,
  table: Table,
  of: Rejecting,
  bad: number,
): Promise<number> {
  const which = bad === 0 ? undefined : badRowCondition(of.checks)
  const reasons = (set: Table) => recordReasons(context, set, of)
  const rejected = which === undefined ? 0 : await setAside(context, table, of, { which, reasons })
  return rejected + (await rejectTooLong(context, table, of))
}

async function rejectTooLong(context: RunContext, table: Table, of: Rejecting): Promise<number> {
  if (of.size === undefined) return 0
  const which = sql`${of.size} > ${sql.literal(longestRow)}`
  if (!(await areThere(context, table, of, which))) return 0
  return await setAside(context, table, of, {
    which,
    reasons: (set) => recordTooLong(context, set, of),
  })
}

/** Mostly there is none, and then nothing has to be made. */
async function areThere({ session }: RunContext, table: Table, of: Rejecting, which: SQL): Promise<boolean> {
  return await exists(session, badRows(of, table, which, sql`select`))
}

async function setAside(
  { session, workTables }: RunContext,
  table: Table,
  of: Rejecting,
  { which, reasons }: { readonly which: SQL; readonly reasons: (set: Table) => Promise<Statement> },
): Promise<number> {
  const set = workTables.named('bad_rows')
  const { count } = await workTables.fill(set, badRows(of, table, which, sql`select *`))
  await run(session, await reasons(set))
  await run(session, removeRows(of, table, set))
  await workTables.drop([set])
  return count
}

function badRows({ mapping, among }: Rejecting, table: Table, which: SQL, select: SQL): Statement {
  const bad = among === undefined ? which : sql`${among} and (${which})`
  return statement(`intake/find-bad-rows ${mapping}`, sql`${select} from ${table} where ${bad}`)
}

/** Characters of a row that is kept, so that it can be tried again. */
const longestKept = 100_000

/** SQL (jsonb) of the row `b` by staged column; null where it is not to be told. */
function keptRow({ checks, columns }: Pick<Rejecting, 'checks' | 'columns'>): SQL {
  const notInTheClear = checks.flatMap(({ untold, staged, valid }) =>
    untold === true && valid !== undefined ? [sql` and (${staged} is null or ${valid})`] : [],
  )
  const names = commas(columns.map((name) => sql.literal(name)))
  const row = sql`(select jsonb_object_agg(f.key, f.value) from jsonb_each(to_jsonb(b)) f where f.key = any(array[${names}]::text[]))`
  return sql`case when length(b::text) <= ${sql.literal(longestKept)}${sql.join(notInTheClear, '')} then ${row} end`
}

async function recordReasons(context: RunContext, bad: Table, of: Rejecting): Promise<Statement> {
  const at = placeOfRow(of.places ?? [], sql`_row`, of.file)
  const reasons = of.checks.flatMap((check) => {
    const condition = badValueCondition(check)
    if (condition === undefined) return []
    const { staged, expected, sourceColumn, untold } = check
    const value = untold === true ? sql.null : sql`left(${staged}, 500)`
    const reason = sql`case when ${staged} is null then 'a value is required' else ${sql.literal(`not ${expected}`)} end`
    return [
      sql`select ${sql.literal(of.mapping)}, ${at.file}, ${at.line}, ${of.key}, ${sql.literal(sourceColumn)},
        ${value}, ${reason}, ${keptRow(of)}
      from ${bad} b where ${condition}`,
    ]
  })
  return await recordStanding(context, `intake/record-bad-rows ${of.mapping}`, unionAll(reasons))
}

async function recordTooLong(
  context: RunContext,
  tooLong: Table,
  { mapping, file, key, checks, columns, size = sql.null, places = [] }: Rejecting,
): Promise<Statement> {
  const reason = rowTooLong('%s')
  const at = placeOfRow(places, sql`_row`, file)
  return await recordStanding(
    context,
    `intake/record-long-rows ${mapping}`,
    sql`select ${sql.literal(mapping)}, ${at.file}, ${at.line}, ${key}, null, null, format(${sql.literal(reason)}, ${size}), ${keptRow({ checks, columns })}
      from ${tooLong} b`,
  )
}

function removeRows({ mapping }: Rejecting, table: Table, bad: Table): Statement {
  return statement(
    `intake/remove-bad-rows ${mapping}`,
    sql`delete from ${table} s using ${bad} b where s._row = b._row`,
  )
}
