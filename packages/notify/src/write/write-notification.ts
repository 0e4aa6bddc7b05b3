/**
 * Puts what happened into the outbox, one row per receiver, in the transaction in which it happens.
 *
 * @module
 */
import {
  type Configuration,
  hears,
  type NotificationKindName,
  type Notified,
  notificationKinds,
  notificationLife,
  storableJson,
} from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'

export interface Happened {
  readonly kind: NotificationKindName
  /** Equal for what says nothing new. */
  readonly sameness: string
  readonly content: Notified
  /** Names of the sources that it is about, where it is not the one of its content. */
  readonly sources?: readonly string[] | undefined
}

/** What is told too often already is counted in place of being written. */
export async function writeNotification(
  session: Session,
  { sources, notifications }: Pick<Configuration, 'sources' | 'notifications'>,
  happened: Happened,
): Promise<void> {
  const { kind, content } = happened
  const { receivers, repeatAfter } = notifications
  const about = happened.sources ?? (content.source === null ? [] : [content.source])
  const notifying = about.map((name) => sources.get(name) ?? { name })
  const names = [...receivers.values()]
    .filter((receiver) => hears(receiver, kind, notifying))
    .map(({ name }) => name)
  if (names.length === 0) return
  const within = notificationKinds[kind].repeats ? repeatAfter : 0
  await run(session, insertion(names, happened, within))
}

/** `within`: milliseconds in which the same is counted only. */
function insertion(
  receivers: readonly string[],
  { kind, sameness, content }: Happened,
  within: number,
): Statement {
  const [source, number] = [sql.value(content.source), sql.value(content.run?.run ?? null)]
  return statement(
    'notify/write',
    sql`with same as (
      select distinct on (receiver) receiver, notification_id, repetitions, created_at from sluice_notification
      where source is not distinct from ${source} and kind = ${sql.literal(kind)} and sameness = ${sql.value(sameness)}
        and receiver = any(${sql.value(receivers)}::text[])
      order by receiver, created_at desc
    ), counted as (
      update sluice_notification n set repetitions = n.repetitions + 1 from same
      where n.notification_id = same.notification_id
        and same.created_at > clock_timestamp() - ${sql.value(within)}::float8 * interval '1 ms'
      returning n.receiver
    )
    insert into sluice_notification (receiver, source, kind, run_id, sameness, repeated_before, content, state)
    select receiver, ${source}, ${sql.literal(kind)}, ${number}::bigint, ${sql.value(sameness)}, coalesce(same.repetitions, 0),
      ${sql.value(storableJson(content))}::jsonb, ${sql.literal(notificationLife.start)}
    from unnest(${sql.value(receivers)}::text[]) wanted (receiver) left join same using (receiver)
    where not exists (select from counted where counted.receiver = wanted.receiver)`,
  )
}
