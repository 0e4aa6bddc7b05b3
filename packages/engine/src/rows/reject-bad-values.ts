/**
 * Sets aside rows with a value that its property cannot hold; each is recorded once per bad column.
 *
 * @module
 */
import {
  anyOf,
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
import type { LinkShape } from '../sql/link-shape.ts'
import { recordRejected } from './rejected-rows.ts'

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
  /** SQL condition of the rows whose values count; all of them when absent. */
  readonly among?: SQL | undefined
}

export function rejectingEntities({ mapping, key, checks }: EntityShape): Rejecting {
  return { mapping: mapping.name, file: mapping.file, key, checks }
}

export function rejectingLinks({ mapping, from, to, checks }: LinkShape): Rejecting {
  return { mapping: mapping.name, file: mapping.file, key: sql`${from} || ' → ' || ${to}`, checks }
}

/** Removes the rows with bad values from `table` (staged rows or candidates), records them, and returns how many there were. */
export async function rejectBadValues(run: RunContext, table: Table, of: Rejecting): Promise<number> {
  const bad = badAmong(of)
  // Mostly there is none, and then nothing has to be made.
  if (bad === undefined || !(await exists(run.session, badRows(of, table, bad, sql`select`)))) return 0
  return await setBadRowsAside(run, table, of)
}

/** As `rejectBadValues`, for whoever has counted them with something else. */
export async function setBadRowsAside(
  { session, runId, workTables }: RunContext,
  table: Table,
  of: Rejecting,
): Promise<number> {
  const bad = badAmong(of)
  if (bad === undefined) return 0
  const set = workTables.named('bad_rows')
  const { count } = await workTables.fill(set, badRows(of, table, bad, sql`select *`))
  await run(session, recordReasons(runId, set, of))
  await run(session, removeRows(of, table, set))
  await workTables.drop([set])
  return count
}

function badAmong({ checks, among }: Rejecting): SQL | undefined {
  const illegal = badRowCondition(checks)
  return illegal === undefined || among === undefined ? illegal : sql`${among} and (${illegal})`
}

function badRows({ mapping }: Rejecting, table: Table, bad: SQL, select: SQL): Statement {
  return statement(`intake/find-bad-rows ${mapping}`, sql`${select} from ${table} where ${bad}`)
}

function recordReasons(runId: number, bad: Table, of: Rejecting): Statement {
  const reasons = of.checks.flatMap((check) => {
    const condition = badValueCondition(check)
    if (condition === undefined) return []
    const { staged, expected, sourceColumn } = check
    const reason = sql`case when ${staged} is null then 'a value is required' else ${sql.literal(`not ${expected}`)} end`
    return [
      sql`select ${sql.literal(of.mapping)}, ${sql.literal(of.file)}, null::bigint, ${of.key}, ${sql.literal(sourceColumn)},
        left(${staged}, 500), ${reason}
      from ${bad} where ${condition}`,
    ]
  })
  return recordRejected(`intake/record-bad-rows ${of.mapping}`, runId, unionAll(reasons))
}

function removeRows({ mapping }: Rejecting, table: Table, bad: Table): Statement {
  return statement(
    `intake/remove-bad-rows ${mapping}`,
    sql`delete from ${table} s using ${bad} b where s._row = b._row`,
  )
}
