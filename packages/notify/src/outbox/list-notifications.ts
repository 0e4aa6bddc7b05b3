/**
 * Reads the outbox.
 *
 * @module
 */
import { type NotificationRecord, type NotificationState, notificationRecordSchema } from '@sluice/model'
import { type Database, one, run, type SQL, sql, statement } from '@sluice/repository'
import { z } from 'zod'

export interface NotificationsQuery {
  readonly state?: NotificationState | undefined
  readonly source?: string | undefined
  readonly receiver?: string | undefined
  /** Only those about one of these. */
  readonly among?: readonly string[] | undefined
  /** 50 when absent. */
  readonly limit?: number | undefined
}

const rowSchema = notificationRecordSchema.extend({ run: z.coerce.number().nullable() })

/** Newest first. */
export async function listNotifications(
  database: Database,
  { state, source, receiver, among, limit = 50 }: NotificationsQuery,
): Promise<readonly NotificationRecord[]> {
  const conditions = [
    ...equal(sql`state`, state),
    ...equal(sql`source`, source),
    ...equal(sql`receiver`, receiver),
    ...(among === undefined ? [] : [sql`source = any(${sql.value(among)}::text[])`]),
  ]
  const which = conditions.length === 0 ? sql`true` : sql.join(conditions, ' and ')
  const { rows } = await database.session((session) => run(session, notifications(which, limit)))
  return rows.map((row) => rowSchema.parse(row))
}

function equal(column: SQL, value: string | undefined): readonly SQL[] {
  return value === undefined ? [] : [sql`${column} = ${sql.value(value)}`]
}

/** `undefined` where there is none of that id. */
export async function findNotification(
  database: Database,
  id: string,
): Promise<NotificationRecord | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined
  const which = sql`notification_id = ${sql.value(id)}::uuid`
  const { rows } = await database.session((session) => run(session, notifications(which, 1)))
  return rows[0] === undefined ? undefined : rowSchema.parse(rows[0])
}

function notifications(which: SQL, limit: number) {
  const most = Number.isFinite(limit) ? sql` limit ${sql.value(limit)}::bigint` : sql.blank
  return statement(
    'notify/list',
    sql`select notification_id as id, receiver, kind, source, run_id as run, content ->> 'subject' as subject, state,
      created_at as "createdAt", attempts, case when finished_at is null then due_at end as "dueAt",
      finished_at as "finishedAt", error, repetitions
    from sluice_notification where ${which} order by position desc${most}`,
  )
}

/** How many wait, and how many were given up, in all of the repository. */
export async function countUnsent(
  database: Database,
): Promise<{ readonly waiting: number; readonly givenUp: number }> {
  return await database.session((session) => one(session, unsent))
}

const unsent = statement<{ waiting: number; givenUp: number }>(
  'notify/count-unsent',
  sql`select count(*) filter (where state = 'waiting')::int as waiting,
    count(*) filter (where state = 'givenUp')::int as "givenUp" from sluice_notification where state <> 'sent'`,
)
