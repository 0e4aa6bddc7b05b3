/**
 * Of what somebody can be notified: one table, from which the configuration, the messages and the documentation take their
 * lists.
 *
 * @module
 */

export interface NotificationKind {
  /** `type` of the document that a webhook is sent. */
  readonly type: `${string}.${string}`
  /** Behind the name of the source in a subject: `hr: run 12 failed`. */
  readonly subject: string
  /** One sentence, for the documentation. */
  readonly meaning: string
  /**
   * The same again is not told within `notifications.repeatAfter`. `false`: it happens once by itself, as it tells of a change.
   */
  readonly repeats: boolean
}

export const notificationKinds = {
  failed: {
    type: 'run.failed',
    subject: 'failed',
    meaning:
      'A run failed: an error, a process that died, or a problem of the database or a disk. Nothing of it was applied.',
    repeats: true,
  },
  held: {
    type: 'run.held',
    subject: 'is held',
    meaning: 'A run exceeded a threshold; somebody has to approve or reject it.',
    repeats: true,
  },
  rejectedRows: {
    type: 'run.rejected-rows',
    subject: 'rejected rows',
    meaning: 'A run was applied, but rejected rows.',
    repeats: true,
  },
  doubtfulRows: {
    type: 'run.doubtful-rows',
    subject: 'left rows to decide about',
    meaning:
      'A run found rows that match several resources; somebody has to decide to which one they belong.',
    repeats: false,
  },
  notStarted: {
    type: 'run.not-started',
    subject: 'could not start',
    meaning: 'No run could start: the export failed, or a delivery was refused, expired or put aside.',
    repeats: true,
  },
  late: {
    type: 'source.late',
    subject: 'is late',
    meaning: 'No run of a source was applied within the time that its `expected` allows.',
    repeats: false,
  },
  recovered: {
    type: 'source.recovered',
    subject: 'is no longer late',
    meaning: 'A run of a source that was late has now been applied.',
    repeats: false,
  },
  orderOverdue: {
    type: 'order.overdue',
    subject: 'has overdue orders',
    meaning: 'Orders of a source were not executed by their due time.',
    repeats: false,
  },
  jobFailed: {
    type: 'job.failed',
    subject: 'failed',
    meaning:
      'A job failed, or was cut off: its process died, or its agent no longer reports. What its runs have applied stays.',
    repeats: true,
  },
} as const satisfies Readonly<Record<string, NotificationKind>>

export type NotificationKindName = keyof typeof notificationKinds

export const notificationKindNames = Object.keys(notificationKinds).filter(isNotificationKind)

export function isNotificationKind(name: string): name is NotificationKindName {
  return Object.hasOwn(notificationKinds, name)
}
