/**
 * Sources that are not run for a while: a state that the repository keeps, wherever they are defined.
 *
 * By the clock of the database, so that all who work on it agree.
 *
 * @module
 */
import { type RunBy, type Suspension, storableText, suspensionSchema } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { one, run } from '../database/run-statement.ts'
import { type SQL, type Statement, sql, statement } from '../sql/statement.ts'
import { SourceSuspendedError, SuspensionOverError } from './definition-errors.ts'
import { noteChange } from './definition-store.ts'

export interface NewSuspension {
  readonly source: string
  readonly by: RunBy
  readonly reason?: string | undefined
  /** An instant. */
  readonly until?: string | undefined
}

/** Condition on `x`, a row of `sluice_suspension`. */
const isInForce = sql`x.resumed_at is null and (x.until_at is null or x.until_at > clock_timestamp())`

/** Condition: the source of this number is suspended. */
export function isSuspended(sourceId: SQL): SQL {
  return sql`exists (select from sluice_suspension x where x.source_id = ${sourceId} and ${isInForce})`
}

/** By source; of one source where it is named. */
export async function readSuspensions(
  session: Session,
  source?: string | undefined,
): Promise<ReadonlyMap<string, Suspension>> {
  const { rows } = await run(session, inForce(source))
  return new Map(rows.map(({ source: name, ...row }) => [name, suspensionSchema.parse(row)]))
}

function inForce(source: string | undefined): Statement<{ source: string }> {
  const which = source === undefined ? sql.blank : sql` and s.name = ${sql.value(source)}`
  return statement(
    'suspensions/read',
    sql`select s.name as source, x.suspended_at as since, x.until_at as until, x.reason,
      json_build_object('kind', x.by_kind, 'name', x.by_name) as by
    from sluice_suspension x join sluice_source s using (source_id) where ${isInForce}${which}`,
  )
}

/** Throws `SourceSuspendedError`. */
export async function requireNotSuspended(session: Session, source: string): Promise<void> {
  const suspension = (await readSuspensions(session, source)).get(source)
  if (suspension !== undefined) throw new SourceSuspendedError(source, suspension)
}

/** Again, it has another end and another reason. Throws `SuspensionOverError` where its end is over. */
export async function suspendSource(session: Session, of: NewSuspension): Promise<Suspension> {
  const { source, by, until } = of
  if (until !== undefined && (await one(session, isOver(until))).over)
    throw new SuspensionOverError(source, until)
  await run(session, know(source))
  await run(session, suspend(of))
  const suspension = (await readSuspensions(session, source)).get(source)
  if (suspension === undefined) throw new Error(`Source ${source} was suspended, and is not.`)
  const { reason } = suspension
  const detail = [
    ...(suspension.until === null ? [] : [`until ${suspension.until}`]),
    ...(reason === null ? [] : [reason]),
  ]
  await noteChange(session, {
    source,
    event: 'suspended',
    definition: null,
    detail: detail.join(': ') || null,
    by,
  })
  return suspension
}

function isOver(until: string): Statement<{ over: boolean }> {
  return statement(
    'suspensions/is-over',
    sql`select ${sql.value(until)}::timestamptz <= clock_timestamp() as over`,
  )
}

/** A source of a file may not have come to the repository yet. */
function know(source: string): Statement {
  return statement(
    'suspensions/know-source',
    sql`insert into sluice_source (name) select ${sql.value(source)}
    where not exists (select from sluice_source s where s.name = ${sql.value(source)}) on conflict (name) do nothing`,
  )
}

function suspend({ source, by, reason, until }: NewSuspension): Statement {
  const why = reason === undefined || reason === '' ? null : storableText(reason)
  return statement(
    'suspensions/suspend',
    sql`insert into sluice_suspension as x (source_id, until_at, reason, by_kind, by_name)
    select s.source_id, ${sql.value(until ?? null)}::timestamptz, ${sql.value(why)}, ${sql.value(by.kind)}, ${sql.value(by.name)}
    from sluice_source s where s.name = ${sql.value(source)}
    on conflict (source_id) do update set until_at = excluded.until_at, reason = excluded.reason,
      by_kind = excluded.by_kind, by_name = excluded.by_name, resumed_at = null,
      suspended_at = case when ${isInForce} then x.suspended_at else excluded.suspended_at end`,
  )
}

/** `false`: it was not suspended. */
export async function resumeSource(
  session: Session,
  { source, by }: Pick<NewSuspension, 'source' | 'by'>,
): Promise<boolean> {
  const { count } = await run(session, resume(source))
  if (count > 0) await noteChange(session, { source, event: 'resumed', definition: null, detail: null, by })
  return count > 0
}

function resume(source: string): Statement {
  return statement(
    'suspensions/resume',
    sql`update sluice_suspension x set resumed_at = clock_timestamp() from sluice_source s
    where s.source_id = x.source_id and s.name = ${sql.value(source)} and ${isInForce}`,
  )
}
