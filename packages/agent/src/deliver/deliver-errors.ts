/**
 * What can keep a source's changes from reaching the repository, between its files and the queue.
 *
 * @module
 */
import { basename } from 'node:path'
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-DELIVER-01: a run of this source is held, so no incremental is made.
 *
 * An incremental would build on changes that may never be applied. Approve the held run or reject it, or
 * replace it by a complete; nothing was read or announced.
 */
export class SourceHeldError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-01'
  readonly blame = 'usage'
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
 * SLUICE-DELIVER-02: an initial was asked for, and the repository holds resources of the source already.
 *
 * An initial inserts without comparing, so everything would be stored twice. Run a complete.
 */
export class SourceNotEmptyError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-02'
  readonly blame = 'usage'

  constructor(source: string) {
    super(
      `The repository holds resources of "${source}" already, so an initial run would store them twice.`,
      {
        remedy: `sluice sync ${source} --mode complete`,
        details: { source },
      },
    )
  }
}

/**
 * SLUICE-DELIVER-03: the server could not be reached, so the prepared delivery waits in the outbox.
 *
 * Nothing is lost: the next call for this source delivers it first, with the same id. The message says what kept the
 * server from answering.
 */
export class DeliveredLaterError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-03'
  readonly blame = 'usage'
  readonly source: string
  readonly delivery: string

  constructor(source: string, delivery: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The changes of "${source}" are prepared and wait to be delivered: ${reason}`, {
      cause,
      remedy: `They are delivered by the next sluice sync ${source}, or at once by sluice deliver ${source}.`,
      details: { source, delivery },
    })
    this.source = source
    this.delivery = delivery
  }
}

/**
 * SLUICE-DELIVER-04: a file in the outbox is not the one that was prepared.
 *
 * Its size or checksum is not the one noted in delivery.json: it was edited, replaced or lost. Prepare the source again;
 * or, where it was changed on purpose, deliver it as it is with `sluice deliver SOURCE --as-they-are`.
 */
export class ChangedOutboxError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-04'
  readonly blame = 'usage'

  /** @param source Where the file is there: whose outbox can be delivered with it. */
  constructor(path: string, what: string, options: ErrorOptions & { readonly source?: string } = {}) {
    const { source, ...rest } = options
    const onPurpose = `; or, if it was changed on purpose: sluice deliver ${source} --as-they-are`
    super(`${path} is not the file that was prepared: ${what}.`, {
      ...rest,
      remedy: source === undefined ? 'Prepare the source again.' : `Prepare the source again${onPurpose}`,
      details: { file: path },
    })
  }
}

/**
 * SLUICE-DELIVER-05: nothing is prepared for this source, so there is nothing to deliver.
 *
 * What was prepared last has been delivered, or was refused and dropped.
 */
export class NothingPreparedError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-05'
  readonly blame = 'usage'

  constructor(source: string) {
    super(`Nothing is prepared for "${source}".`, {
      remedy: `Prepare it first: sluice prepare ${source}; or all stages: sluice sync ${source}`,
      details: { source },
    })
  }
}

/**
 * SLUICE-DELIVER-06: another process exports, prepares or delivers this source at this moment.
 *
 * Wait for it to end. When it was killed, its lock goes with it and this error does not appear.
 */
export class SourceBusyError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-06'
  readonly blame = 'usage'

  constructor(source: string, holder: string) {
    super(`The source "${source}" is being synchronized by ${holder}.`, {
      remedy: 'Wait until it has ended.',
      details: { source },
    })
  }
}

/**
 * SLUICE-DELIVER-07: what waits in the outbox holds the managed system's own commands, which a new preparation would
 * throw away.
 *
 * Deliver it first. A complete may take its place at any time, because it needs no commands.
 */
export class UndeliveredCommandsError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-07'
  readonly blame = 'usage'

  constructor(source: string, delivery: string) {
    super(
      `Delivery ${delivery} of "${source}" holds the managed system's own commands and was not delivered yet.`,
      {
        remedy: `Deliver it first: sluice deliver ${source}; or replace it: sluice prepare ${source} --mode complete`,
        details: { source, delivery },
      },
    )
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

  constructor(source: string, delivery: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The changes of "${source}" are delivered; what became of them is not known yet: ${reason}`, {
      cause,
      remedy: `sluice runs --source ${source}, as soon as the server answers.`,
      details: { source, delivery },
    })
  }
}

/**
 * SLUICE-DELIVER-10: a file in the outbox that was changed or written by hand cannot be delivered.
 *
 * The message names the line. A prepared file has the header that `sluice prepare` writes, is UTF-8 with commas and line
 * feeds, sorted by its key (ordinal order of UTF-16 code units) with no key twice; each line of a delta begins with its command.
 */
export class UnfitOutboxError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-10'
  readonly blame = 'usage'

  constructor(path: string, line: number, what: string, cause?: unknown) {
    super(`Line ${line} of ${basename(path)} cannot be delivered as it is: ${what}.`, {
      cause,
      remedy: `Mend line ${line}, or prepare the source again.`,
      place: { file: path, line },
      details: { file: path, line },
    })
  }
}
