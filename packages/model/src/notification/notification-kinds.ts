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
      'A run ended with an error, its process died, or the database or a disk was in its way; nothing of it was applied.',
    repeats: true,
  },
  held: {
    type: 'run.held',
    subject: 'is held',
    meaning: 'A threshold stopped a run, and somebody has to decide about it.',
    repeats: true,
  },
  rejectedRows: {
    type: 'run.rejected-rows',
    subject: 'rejected rows',
    meaning: 'A run was applied, and left rows out that could not be taken.',
    repeats: true,
  },
  doubtfulRows: {
    type: 'run.doubtful-rows',
    subject: 'left rows to decide about',
    meaning:
      'A run found rows that several resources match, and somebody has to decide to which they belong.',
    repeats: false,
  },
  notStarted: {
    type: 'run.not-started',
    subject: 'could not start',
    meaning:
      'No run could work on it: the export or its files failed, a delivery was refused, expired or put aside.',
    repeats: true,
  },
  late: {
    type: 'source.late',
    subject: 'is late',
    meaning: 'No run of a source was applied for longer than it is `expected`.',
    repeats: false,
  },
  recovered: {
    type: 'source.recovered',
    subject: 'has come again',
    meaning: 'A run of a source that was late has been applied.',
    repeats: false,
  },
  orderOverdue: {
    type: 'order.overdue',
    subject: 'has not carried out what was ordered',
    meaning: 'What was ordered of a source was not carried out in its time.',
    repeats: false,
  },
} as const satisfies Readonly<Record<string, NotificationKind>>

export type NotificationKindName = keyof typeof notificationKinds

export const notificationKindNames = Object.keys(notificationKinds).filter(isNotificationKind)

export function isNotificationKind(name: string): name is NotificationKindName {
  return Object.hasOwn(notificationKinds, name)
}
