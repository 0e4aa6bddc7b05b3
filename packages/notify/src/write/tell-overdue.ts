/**
 * Tells of what was ordered of a source and not carried out in its time: of each thing once, whoever finds it.
 *
 * @module
 */
import { type Configuration, type Notified, notificationKinds } from '@sluice/model'
import { run, type Session, type Statement, sql, statement } from '@sluice/repository'
import { writeNotification } from './write-notification.ts'

type Context = Pick<Configuration, 'sources' | 'notifications'>

/** So many are told one by one. */
const mostTold = 20

export async function tellOverdue(
  session: Session,
  configuration: Context,
  source: string,
  about: Pick<Notified, 'run' | 'link'>,
): Promise<void> {
  const { rows } = await run(session, noteTold(source))
  if (rows.length === 0) return
  await writeNotification(session, configuration, {
    kind: 'orderOverdue',
    sameness: 'orderOverdue',
    content: {
      source,
      owner: configuration.sources.get(source)?.owner ?? null,
      subject: subjectOf(source, rows),
      error: null,
      lateness: null,
      orders: rows.slice(0, mostTold),
      ...about,
    },
  })
}

type Overdue = NonNullable<Notified['orders']>[number]

/** `ad has not carried out what was ordered (R-17, R-18)` */
function subjectOf(source: string, overdue: readonly Overdue[]): string {
  const ids = [...new Set(overdue.map(({ order }) => order))]
  const shown = ids.slice(0, 3).join(', ')
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : ''
  return `${source} ${notificationKinds.orderOverdue.subject} (${shown}${more})`
}

function noteTold(source: string): Statement<Overdue> {
  return statement(
    'notify/note-overdue-told',
    sql`with told as (
      update sluice_order o set told_at = clock_timestamp()
      where o.source_id = (select s.source_id from sluice_source s where s.name = ${sql.value(source)})
        and o.state = 'overdue' and o.told_at is null
      returning o.*
    )
    select t.order_id as order, t.entity_type as "entityType", t.association, t.key, t.linked_to as to, t.property,
      case t.expects when 'value' then t.expected else t.expects end as expected,
      case when t.expects = 'value' then t.asserted when t.there then 'exists' else 'gone' end as asserted,
      case when t.association is not null then t.asserted end as instead, t.due_at as "dueAt"
    from told t order by t.due_at, t.position`,
  )
}
