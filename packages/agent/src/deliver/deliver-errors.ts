/**
 * What can keep a source's changes from reaching the repository, between its files and the queue.
 *
 * @module
 */
import { SluiceError, type Suspension, suspensionFacts } from '@sluice/model'

/**
 * SLUICE-DELIVER-01: a run of this source is held, so no incremental run can start.
 *
 * An incremental would build on changes that may never be applied. Approve the held run or reject it, or
 * replace it by a complete run. Nothing was exported and nothing was delivered.
 */
export class SourceHeldError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-01'
  readonly blame = 'usage'
  readonly retry = false
  readonly source: string
  readonly run: number

  constructor(source: string, run: number) {
    super(
      `Run ${run} of "${source}" is held, so no newer changes were exported. Somebody has to approve or reject that run first.`,
      {
        remedy: `sluice runs show ${run}, then approve or reject it; or sluice sync ${source} --mode complete`,
        details: { source, run },
      },
    )
    this.source = source
    this.run = run
  }
}

/**
 * SLUICE-DELIVER-15: a delivery of this source was put aside, so deliveries that build on it wait, and no incremental run can start.
 *
 * Processes of the server died in the middle of its run. Look at it and decide: released, it is tried again; cancelled, the deliveries that
 * build on it are refused. A complete run replaces it: the next run of the source is a complete one, unless the command says `--mode
 * incremental`.
 */
export class DeliveryPutAsideError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-15'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, delivery: string) {
    super(
      `Delivery ${delivery} of "${source}" was put aside after processes died in its run. Later deliveries that build on it wait.`,
      {
        remedy: `sluice deliveries show ${delivery}, then release or cancel it; or sluice sync ${source} --mode complete`,
        details: { source, delivery },
      },
    )
  }
}

/**
 * SLUICE-DELIVER-16: the source is suspended, so nothing was exported, and deliveries that have arrived wait.
 *
 * Somebody suspended it with `sluice source suspend`; the message says who and why. Nothing is lost: the managed system was not asked for
 * its changes. `sluice export`, `prepare` and `deliver` still work, and what they deliver waits at the server.
 */
export class DeliverySuspendedError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-16'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, suspension: Suspension) {
    const { message, ...facts } = suspensionFacts(source, suspension)
    super(message, facts)
  }
}

/**
 * SLUICE-DELIVER-03: the server could not be reached, so what was prepared waits in the outbox.
 *
 * Nothing is lost: the next call for this source delivers it first, with the same id. Where a managed system gives each change only once,
 * every export makes a delivery of its own; all of them wait, in order, as long as the disk has room. The
 * message says how many, and what kept the server from answering.
 */
export class DeliveredLaterError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-03'
  readonly blame = 'usage'
  readonly retry = true
  readonly source: string
  readonly delivery: string

  /** @param waiting How many deliveries of the source wait. */
  constructor(source: string, delivery: string, cause: unknown, waiting = 1) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const what = waiting === 1 ? '' : ` as ${waiting} deliveries`
    super(
      `The changes of "${source}" are prepared, but could not be delivered yet; they wait${what}: ${reason}`,
      {
        cause,
        remedy: `They are delivered by the next sluice sync ${source}, or at once by sluice deliver ${source}.`,
        details: { source, delivery, waiting },
      },
    )
    this.source = source
    this.delivery = delivery
  }
}

/**
 * SLUICE-DELIVER-08: the file that `agent.certificateAuthority` or `agent.tokenFile` names cannot be read.
 *
 * The first is a certificate in PEM format, the second holds what `sluice token create` printed. The operating
 * system's reason is in the message.
 */
export class UnreadableServerFileError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-08'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(path: string, cause: unknown) {
    super(`The file ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
      remedy: 'Correct agent.certificateAuthority, or agent.tokenFile.',
      details: { file: path },
    })
  }
}

/**
 * SLUICE-DELIVER-09: the server has the delivery, but the result of its run is not known yet.
 *
 * The server stopped answering before its run had ended. Nothing has to be delivered again: the server goes on by itself.
 */
export class ResultUnknownError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-09'
  readonly blame = 'usage'
  readonly retry = true

  constructor(source: string, delivery: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      `The changes of "${source}" are delivered, but the result of their run is not known yet: ${reason}`,
      {
        cause,
        remedy: `Look at the result as soon as the server answers: sluice runs --source ${source}`,
        details: { source, delivery },
      },
    )
  }
}

/**
 * SLUICE-DELIVER-18: somebody left before the server had answered whether a held run is applied.
 *
 * An approval that had not begun is dropped by the server. One that had begun is carried out to its end.
 */
export class ApprovalUnknownError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-18'
  readonly blame = 'usage'
  readonly retry = true

  constructor(run: number, cause: unknown) {
    super(
      `The server had not answered yet. If the approval of run ${run} had begun, it is carried out; if it had not, the server drops it.`,
      { cause, remedy: `Look at its state: sluice runs show ${run}`, details: { run } },
    )
  }
}
