/**
 * What can go wrong between opening a project and synchronizing it.
 *
 * @module
 */
import { SluiceError, suggestion } from '@sluice/model'

/**
 * SLUICE-PROJECT-01: the configuration has no source of this name.
 *
 * Sources stand under `sources:` in sluice.yaml or in a file it includes.
 */
export class UnknownSourceError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(name: string, known: readonly string[]) {
    const remedy = known.length === 0 ? 'Add one under `sources:` in sluice.yaml.' : suggestion(name, known)
    super(`There is no source "${name}".`, {
      remedy: remedy ?? '`sluice check` lists what is wrong with the configuration.',
    })
  }
}

/**
 * SLUICE-PROJECT-16: a source of this name is there already.
 *
 * A source is added under a name of its own; one that is there is changed in its file.
 */
export class SourceExistsError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-16'
  readonly blame = 'usage'
  readonly retry = false

  constructor(name: string) {
    super(`There is a source "${name}" already.`, { remedy: 'Choose another name with --name.' })
  }
}

/**
 * SLUICE-PROJECT-03: the delivery was replaced by another one before its run began.
 *
 * Another process announced a complete run of the same source meanwhile, or gave the delivery up.
 * Nothing of this delivery was applied; the content of the other one is at least as new.
 */
export class DeliveryOvertakenError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-03'
  readonly blame = 'usage'
  readonly retry = true

  constructor(source: string, state: string, reason: string | null) {
    super(`The delivery of "${source}" was not applied: it is ${state}${reason ? ` (${reason})` : ''}.`, {
      remedy: `Look at \`sluice runs\`, then synchronize again: sluice sync ${source}`,
    })
  }
}

/**
 * SLUICE-PROJECT-05: an incremental was not applied, because it builds on another delivery than the last one that the repository has applied.
 *
 * The repository was restored, a delivery was lost, rejected or cancelled, or the last complete kept rows that the agent does not know of.
 * Run a complete: it compares everything, and both sides agree again.
 */
export class IncrementalRefusedError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-05'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`The incremental of "${source}" was refused: ${reason}`, {
      remedy: `sluice sync ${source} --mode complete`,
      details: { source, reason },
    })
  }
}

/**
 * SLUICE-PROJECT-07: the check for late sources is not available through a server.
 *
 * The server does this check itself every half minute, and sends notifications as soon as they are due.
 */
export class ServerChecksError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-07'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string) {
    super(`The server ${server} itself checks whether sources are late.`, {
      remedy: 'sluice notifications lists what it found.',
      details: { server },
    })
  }
}

/**
 * SLUICE-PROJECT-08: a saved plan cannot be applied, because something has changed since it was made.
 *
 * A plan is applied exactly as it was shown, or not at all. The message says what has changed: the files of the source, the delivery that
 * an incremental
 * builds on, or what the repository holds. Nothing was delivered and nothing applied; make a new plan, look at it, and apply that one.
 */
export class PlanOutdatedError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-08'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, madeAt: string, moved: readonly string[]) {
    super(
      [`The plan of "${source}" made at ${madeAt} is out of date; nothing was applied.`, ...moved].join('\n'),
      {
        remedy: `sluice plan ${source} --out FILE`,
        details: { source, moved },
      },
    )
  }
}

/**
 * SLUICE-PROJECT-10: drift cannot be computed, because the last delivery of the source is not known here.
 *
 * Drift is found by comparing the repository with the files that were delivered last, which the agent keeps. Where they are gone or were
 * changed, where changes came as commands, where the mapping has changed since, or where the repository stands for another delivery, a
 * complete run finds the drift and repairs it.
 */
export class DriftUnknownError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-10'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`The drift of "${source}" cannot be computed. ${reason}`, {
      remedy: `sluice plan ${source} --mode complete shows all that a complete would change, and sluice sync ${source} --mode complete repairs it.`,
      details: { source, reason },
    })
  }
}

/**
 * SLUICE-PROJECT-11: duplicates or rows without a key were asked for, but nothing was prepared here.
 *
 * Duplicates and rows without a key are kept only in the work folder of the agent that prepares the source, and only of the last
 * preparation. Their
 * numbers stand in the report of every run.
 */
export class NothingPreparedHereError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-11'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, folder: string) {
    super(`Nothing of "${source}" was prepared here: ${folder} is empty or missing.`, {
      remedy: 'Run the command in the project folder of the agent that delivers the source.',
      details: { source, folder },
    })
  }
}
