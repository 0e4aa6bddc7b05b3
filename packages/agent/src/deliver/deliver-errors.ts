/**
 * What can keep a source's changes from reaching the repository, between its files and the queue.
 *
 * @module
 */
import { SluiceError, type Suspension, suspensionFacts } from '@sluice/model'

/**
 * SLUICE-DELIVER-01: a run of this source is held, so no incremental is made.
 *
 * An incremental would build on changes that may never be applied. Approve the held run or reject it, or
 * replace it by a complete; nothing was read or announced.
 */
export class SourceHeldError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-01'
  readonly blame = 'usage'
  readonly retry = false
  readonly source: string
  readonly run: number

  constructor(source: string, run: number) {
    super(`Run ${run} of "${source}" is held, so its changes since then were not asked for.`, {
      remedy: `sluice runs show ${run}, then approve or reject it; or sluice sync ${source} --mode complete`,
      details: { source, run },
    })
    this.source = source
    this.run = run
  }
}

/**
 * SLUICE-DELIVER-15: a delivery of this source was put aside, so what builds on it waits, and no incremental is made.
 *
 * Processes of the server died in the middle of its run. Somebody has to look at it: release it, and it is tried again; cancel it, and
 * what builds on it is refused. A complete takes its place by itself: unless an incremental is asked for by name, the next run of
 * the source is one.
 */
export class DeliveryPutAsideError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-15'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, delivery: string) {
    super(`Delivery ${delivery} of "${source}" was put aside, and what builds on it waits.`, {
      remedy: `sluice deliveries show ${delivery}, then release or cancel it; or sluice sync ${source} --mode complete`,
      details: { source, delivery },
    })
  }
}

/**
 * SLUICE-DELIVER-16: the source is suspended, so nothing was exported, and what is delivered already waits.
 *
 * Somebody wanted that, for a reason that the message tells (`sluice source suspend`). Nothing is lost by waiting: what its system hands
 * out once was not asked for. `sluice export`, `prepare` and `deliver` go on all the same, and what they deliver waits at the server.
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
 * Nothing is lost: the next call for this source delivers it first, with the same id. Changes that a managed system hands
 * out once make a delivery each time they are asked for; all of them wait, in order, as long as the disk has room. The
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
    const what = waiting === 1 ? '' : `, as ${waiting} deliveries,`
    super(`The changes of "${source}" are prepared and wait${what} to be delivered: ${reason}`, {
      cause,
      remedy: `They are delivered by the next sluice sync ${source}, or at once by sluice deliver ${source}.`,
      details: { source, delivery, waiting },
    })
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
 * SLUICE-DELIVER-09: the server has the delivery, but what became of it is not known yet.
 *
 * It stopped answering while its run was waited for. Nothing has to be delivered again: the server goes on by itself.
 */
export class ResultUnknownError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-09'
  readonly blame = 'usage'
  readonly retry = true

  constructor(source: string, delivery: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The changes of "${source}" are delivered; what became of them is not known yet: ${reason}`, {
      cause,
      remedy: `sluice runs --source ${source}, as soon as the server answers.`,
      details: { source, delivery },
    })
  }
}
