/**
 * `sluice notifications`: who was notified of what, and whether it arrived.
 *
 * @module
 */
import type { NotificationRecord, NotificationState } from '@sluice/model'
import { openProjectNotifications, type ProjectNotifications } from '@sluice/project'
import { type Context, type GlobalOptions, orEmpty, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatInstant } from '../output/quantities.ts'
import { type Cells, type RecordColumn, writeRecords } from '../output/records.ts'
import { projectPath } from '../project-path.ts'
import type { RecordFlags } from '../record-options.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface NotificationsFlags extends GlobalOptions, RecordFlags {
  readonly state?: NotificationState
  readonly source?: string
  readonly receiver?: string
  readonly all?: boolean
}

/** What a server gives at once. */
const most = 1000

function opened(context: Context, flags: NotificationsFlags): Promise<ProjectNotifications> {
  return openProjectNotifications(projectPath(context, flags), {
    ...serverOf(context, flags),
    ...orEmpty(flags),
    onStatement: sqlOf(context, flags),
  })
}

const columns: readonly RecordColumn[] = [
  { name: 'id', title: 'notification' },
  { name: 'created', title: 'when (UTC)' },
  { name: 'receiver', title: 'receiver' },
  { name: 'state', title: 'state' },
  { name: 'subject', title: 'subject' },
  { name: 'again', title: 'again', align: 'right' },
  { name: 'error', title: 'error' },
]

export async function list(context: Context, flags: NotificationsFlags): Promise<ExitStatus> {
  await using notifications = await opened(context, flags)
  const { state, source, receiver, limit = 20 } = flags
  const found = await notifications.list({ state, source, receiver, limit: Math.min(limit, most) })
  if (flags.json === true) await context.out.line(JSON.stringify(found, undefined, 2))
  else if (found.length > 0) await writeRecords(context.out, 'table', columns, found.map(lineOf))
  else await context.err.line('There are no notifications yet.')
  return exitStatus.done
}

function lineOf(record: NotificationRecord): Cells {
  return {
    ...record,
    created: formatInstant(record.createdAt),
    state: stateOf(record),
    again: record.repetitions === 0 ? null : `+${record.repetitions}`,
  }
}

function stateOf({ state, attempts, dueAt }: NotificationRecord): string {
  if (state === 'givenUp') return 'given up'
  return state === 'waiting' && attempts > 0 && dueAt !== null ? `again at ${formatInstant(dueAt)}` : state
}

export async function test(
  context: Context,
  receiver: string,
  flags: NotificationsFlags,
): Promise<ExitStatus> {
  await using notifications = await opened(context, flags)
  const tested = await notifications.test(receiver)
  if (flags.json === true) await context.out.line(JSON.stringify(tested, undefined, 2))
  else if (tested.error === null) await context.out.line(`${receiver} accepted the test.`)
  else await context.err.line(`${receiver} did not accept the test: ${tested.error}`)
  return tested.error === null ? exitStatus.done : exitStatus.failed
}

export async function retry(
  context: Context,
  id: string | undefined,
  flags: NotificationsFlags,
): Promise<ExitStatus> {
  if ((id === undefined) !== (flags.all === true)) {
    throw new WrongUsageError('Which one?', 'sluice notifications retry ID, or --all of them')
  }
  await using notifications = await opened(context, flags)
  if (id === undefined) return await retryAll(context, notifications, flags)
  const record = await notifications.retry(id)
  if (flags.json === true) await context.out.line(JSON.stringify(record, undefined, 2))
  else await context.out.line(`Notification ${id} for ${record.receiver}: ${outcomeOf(record)}`)
  return exitStatus.done
}

function outcomeOf({ state, error }: NotificationRecord): string {
  if (state === 'sent') return 'sent.'
  return error === null ? 'will be sent.' : `not taken again: ${error}`
}

async function retryAll(
  { out }: Context,
  notifications: ProjectNotifications,
  { json }: NotificationsFlags,
): Promise<ExitStatus> {
  const count = await notifications.retryAll()
  await out.line(json === true ? JSON.stringify({ count }) : `${count} notifications are tried again.`)
  return exitStatus.done
}

const changeTexts = {
  late: 'is late',
  recovered: 'is no longer late',
  overdue: 'has overdue orders',
} as const

export async function check(context: Context, flags: NotificationsFlags): Promise<ExitStatus> {
  await using notifications = await opened(context, flags)
  const checked = await notifications.check()
  if (flags.json === true) {
    await context.out.line(JSON.stringify(checked, undefined, 2))
    return exitStatus.done
  }
  for (const change of checked.changes)
    await context.out.line(
      'job' in change
        ? `The job ${change.job} was cut off.`
        : `${change.source} ${changeTexts[change.change]}.`,
    )
  for (const { receiver, subject, outcome } of checked.sent)
    await context.out.line(
      outcome.error === null ? `${receiver}: ${subject}` : `${receiver}: ${subject}: ${outcome.error}`,
    )
  return exitStatus.done
}
