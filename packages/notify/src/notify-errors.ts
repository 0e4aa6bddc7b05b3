import { AnsweredError, type NotificationState, SluiceError, suggestion } from '@sluice/model'

/** SLUICE-NOTIFY-01: there is no receiver of this name in the configuration. */
export class UnknownReceiverError extends AnsweredError {
  readonly code = 'SLUICE-NOTIFY-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(name: string, known: readonly string[]) {
    super(`There is no receiver "${name}".`, {
      remedy: suggestion(name, known) ?? 'Add it under notifications: receivers.',
      details: { receiver: name },
    })
  }
}

/** SLUICE-NOTIFY-02: there is no notification of this id. */
export class UnknownNotificationError extends AnsweredError {
  readonly code = 'SLUICE-NOTIFY-02'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(id: string) {
    super(`There is no notification ${id}.`, {
      remedy: 'sluice notifications',
      details: { notification: id },
    })
  }
}

/**
 * SLUICE-NOTIFY-03: the notification was sent already.
 *
 * Its receiver took it, so there is nothing to try again.
 */
export class NotificationSentError extends AnsweredError {
  readonly code = 'SLUICE-NOTIFY-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(id: string, state: NotificationState) {
    super(`Notification ${id} is ${state} already.`, { details: { notification: id, state } })
  }
}

/**
 * SLUICE-NOTIFY-05: the process of a run ended during the run.
 *
 * It was killed, or its machine went down; nothing of the run was applied. A server tries the delivery again; otherwise the next run of the
 * source replaces it. This code occurs only in notifications.
 */
export class ProcessEndedError extends SluiceError {
  readonly code = 'SLUICE-NOTIFY-05'
  readonly blame = 'repository'
  readonly retry = true

  constructor() {
    super('The process ended during the run; nothing of it was applied.')
  }
}

/**
 * SLUICE-NOTIFY-06: a job was cut off: its process ended in the middle, or its agent no longer reports.
 *
 * It was killed, its machine went down, or the network to its server is away. What its runs have applied stays, and nothing is half applied. An
 * agent that is started again makes up for a job that was cut off. This code occurs only in notifications.
 */
export class JobCutOffError extends SluiceError {
  readonly code = 'SLUICE-NOTIFY-06'
  readonly blame = 'repository'
  readonly retry = true

  constructor(execution: string) {
    super('The process of the job ended in the middle, or its agent no longer reports.', {
      remedy: `Look whether the agent is running, and at what the job had done: sluice jobs show ${execution.slice(0, 8)}`,
    })
  }
}
