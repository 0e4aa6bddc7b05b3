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
  /** Milliseconds for which it has been tried. */
  readonly age: number
}

/** Names of receivers for which something is due. */
export async function dueReceivers(database: Database): Promise<readonly string[]> {
  const { rows } = await database.session((session) => run(session, due))
  return rows.map(({ receiver }) => receiver)
}

const waiting = sql`state in (${commas(notificationLife.statesThatTake('refused').map((state) => sql.literal(state)))})`

const due = statement<{ receiver: string }>(
  'notify/due-receivers',
  sql`select distinct receiver from sluice_notification where ${waiting} and due_at <= clock_timestamp()`,
)

/** The oldest one that is due for a receiver; `undefined` where there is none, or others have them all. */
export async function takeNext(database: Database, receiver: string): Promise<Taken | undefined> {
  const { rows } = await database.transaction((session) => run(session, take(receiver)))
  const [row] = rows
  if (row === undefined) return undefined
  const { content, created_at: createdAt, ...rest } = row
  return { ...rest, createdAt, content: notifiedSchema.parse(content) }
}

interface TakenRow extends Omit<Taken, 'content' | 'createdAt'> {
  readonly content: unknown
  readonly created_at: string
}

function take(receiver: string): Statement<TakenRow> {
  const kinds = commas(notificationKindNames.map((kind) => sql.literal(kind)))
  return statement(
    'notify/take',
    sql`update sluice_notification n
    set attempts = n.attempts + 1, due_at = clock_timestamp() + ${milliseconds(takenFor)}
    where n.notification_id = (
      select notification_id from sluice_notification
      where receiver = ${sql.value(receiver)} and ${waiting} and due_at <= clock_timestamp() and kind in (${kinds})
      order by position limit 1 for update skip locked
    )
    returning n.notification_id as id, n.kind, n.content, n.created_at, n.repeated_before as repetitions, n.attempts,
      extract(epoch from clock_timestamp() - n.tried_since)::float8 * 1000 as age`,
  )
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
  const wait =
    outcome.event === 'refused' ? sql`clock_timestamp() + ${milliseconds(outcome.wait)}` : sql`due_at`
  await database.transaction((session) =>
    run(
      session,
      statement(
        `notify/${event}`,
        sql`update sluice_notification set ${moved(event)}, error = ${sql.value(error)}, due_at = ${wait}
        where notification_id = ${sql.value(id)}::uuid and ${takes(event)}${own}`,
      ),
    ),
  )
}

/**
 * Gives up what waits for receivers that nobody knows any more, once its time is over: another process may know them. How
 * many there were.
 */
export async function giveUpUnknown(
  database: Database,
  known: readonly string[],
  giveUpAfter: number,
): Promise<number> {
  const { count } = await database.session((session) =>
    run(
      session,
      statement(
        'notify/give-up-unknown',
        sql`update sluice_notification set ${moved('exhausted')}, error = 'No receiver of that name is configured.'
        where ${takes('exhausted')} and receiver <> all(${sql.value(known)}::text[])
          and tried_since < clock_timestamp() - ${milliseconds(giveUpAfter)}`,
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
        sql`update sluice_notification set ${moved('retried')}, due_at = clock_timestamp(), tried_since = clock_timestamp()
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

function milliseconds(count: number): SQL {
  return sql`${sql.value(count)}::float8 * interval '1 ms'`
}
