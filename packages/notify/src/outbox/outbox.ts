/**
 * The outbox: takes notifications that are due, each by one process, and writes down what became of them.
 *
 * No transaction is open while one is sent. Whoever takes one puts off when it is due; where its process dies, the notification is
 * due again: it is sent at least once.
 *
 * @module
 */
import {
  type NotificationEvent,
  type NotificationKindName,
  type Notified,
  notificationKindNames,
  notificationLife,
  notifiedSchema,
} from '@sluice/model'
import { commas, type Database, run, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { Waiting } from './pauses.ts'

/** Milliseconds for which a notification is its taker's alone; longer than any attempt. */
const takenFor = 60_000

/** A notification that is this process's to send. */
export interface Taken {
  readonly id: string
  readonly kind: NotificationKindName
  readonly content: Notified
  readonly createdAt: string
  /** How often the same had happened before without being told. */
  readonly repetitions: number
  /** With this one. */
  readonly attempts: number
  /** Milliseconds for which it has waited for this attempt, all in all. */
  readonly age: number
}

const waitingStates = sql`state in (${commas(notificationLife.statesThatTake('refused').map((state) => sql.literal(state)))})`

/** All that wait, the oldest first. */
export async function readWaiting(database: Database): Promise<readonly Waiting[]> {
  const { rows } = await database.session((session) => run(session, waiting))
  return rows
}

const waiting = statement<Waiting>(
  'notify/waiting',
  sql`select notification_id as id, receiver, attempts, due_at as "dueAt", put_off as "putOff",
    extract(epoch from due_at - clock_timestamp())::float8 * 1000 as rest,
    extract(epoch from clock_timestamp() - tried_since)::float8 * 1000 as age
  from sluice_notification where ${waitingStates} order by position`,
)

/** Makes one this process's to send; `undefined` where another one has taken it, or its kind is not known here. */
export async function take(database: Database, which: Waiting): Promise<Taken | undefined> {
  const { rows } = await database.transaction((session) => run(session, taking(which)))
  const [row] = rows
  if (row === undefined) return undefined
  const { content, created_at: createdAt, ...rest } = row
  return { ...rest, createdAt, content: notifiedSchema.parse(content) }
}

interface TakenRow extends Omit<Taken, 'content' | 'createdAt'> {
  readonly content: unknown
  readonly created_at: string
}

/** Whoever takes one counts an attempt: what has another number of them has been taken meanwhile. */
function taking({ id, attempts }: Waiting): Statement<TakenRow> {
  const kinds = commas(notificationKindNames.map((kind) => sql.literal(kind)))
  return statement(
    'notify/take',
    sql`update sluice_notification n
    set attempts = n.attempts + 1, waited = n.waited + n.put_off, ${putOff(sql.value(takenFor))}
    where n.notification_id = (
      select notification_id from sluice_notification
      where notification_id = ${sql.value(id)}::uuid and ${waitingStates} and attempts = ${sql.value(attempts)}::int
        and kind in (${kinds})
      for update skip locked
    )
    returning n.notification_id as id, n.kind, n.content, n.created_at, n.repeated_before as repetitions, n.attempts,
      n.waited as age`,
  )
}

/** Not before so many milliseconds are over. */
function putOff(count: SQL): SQL {
  return sql`put_off = ${count}::float8, due_at = clock_timestamp() + ${count}::float8 * interval '1 ms'`
}

/** What became of an attempt. */
export type Outcome =
  /** `error`: it was taken, and not for all. */
  | { readonly event: 'taken'; readonly error: string | null }
  /** `wait`: milliseconds until the next try. */
  | { readonly event: 'refused'; readonly error: string; readonly wait: number }
  | { readonly event: 'exhausted'; readonly error: string }

/** Writes it down; where another process has taken it meanwhile, only that it was sent. */
export async function settle(database: Database, { id, attempts }: Taken, outcome: Outcome): Promise<void> {
  const own = outcome.event === 'taken' ? sql.blank : sql` and attempts = ${sql.literal(attempts)}`
  const { event, error } = outcome
  const wait = outcome.event === 'refused' ? sql`, ${putOff(sql.value(outcome.wait))}` : sql.blank
  await database.transaction((session) =>
    run(
      session,
      statement(
        `notify/${event}`,
        sql`update sluice_notification set ${moved(event)}, error = ${sql.value(error)}${wait}
        where notification_id = ${sql.value(id)}::uuid and ${takes(event)}${own}`,
      ),
    ),
  )
}

/** Gives up what waits for receivers that nobody knows any more; how many there were. */
export async function giveUpUnknown(database: Database, which: readonly Waiting[]): Promise<number> {
  if (which.length === 0) return 0
  const ids = which.map(({ id }) => id)
  const { count } = await database.session((session) =>
    run(
      session,
      statement(
        'notify/give-up-unknown',
        sql`update sluice_notification set ${moved('exhausted')}, error = 'No receiver of that name is configured.'
        where ${takes('exhausted')} and notification_id = any(${sql.value(ids)}::uuid[])`,
      ),
    ),
  )
  return count
}

/** Has notifications tried again at once: one, or all that were given up or wait. How many there are. */
export async function retryNotifications(database: Database, id?: string): Promise<number> {
  const which = id === undefined ? sql.blank : sql` and notification_id = ${sql.value(id)}::uuid`
  const { count } = await database.transaction((session) =>
    run(
      session,
      statement(
        'notify/retried',
        sql`update sluice_notification set ${moved('retried')}, ${putOff(sql`0`)}, waited = 0, tried_since = clock_timestamp()
        where ${takes('retried')}${which}`,
      ),
    ),
  )
  return count
}

function moved(event: NotificationEvent): SQL {
  const to = notificationLife.destinationOf(event)
  const finished = notificationLife.statesThatTake('refused').includes(to) ? sql.null : sql`clock_timestamp()`
  return sql`state = ${sql.literal(to)}, finished_at = ${finished}`
}

function takes(event: NotificationEvent): SQL {
  return sql`state in (${commas(notificationLife.statesThatTake(event).map((state) => sql.literal(state)))})`
}
