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
 * SLUICE-PROJECT-03: the delivery was overtaken before it was worked on.
 *
 * Another process announced a complete run of the same source meanwhile, or gave the delivery up.
 * Nothing of this delivery was applied; what the other one brought is at least as new.
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
 * SLUICE-PROJECT-05: an incremental was not applied, because it builds on something else than what the repository holds.
 *
 * The repository was restored, a delivery was lost, rejected or cancelled, or the last complete kept rows that the agent
 * does not know of. Run a complete: it needs no base and sets both sides right.
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
 * SLUICE-PROJECT-07: a check for sources that are late was asked for of a project that works through a server.
 *
 * A server looks by itself every half minute, and sends notifications as soon as they are due.
 */
export class ServerChecksError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-07'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string) {
    super(`The server ${server} looks by itself whether sources are late.`, {
      remedy: 'sluice notifications lists what it found.',
      details: { server },
    })
  }
}

/**
 * SLUICE-PROJECT-08: a plan was to be applied, and what it stands on is not there any more.
 *
 * A plan is applied as it was shown or not at all. The message says what has moved: the files of the source, the delivery that an incremental
 * builds on, or what the repository holds. Nothing was delivered and nothing applied; plan again, look, and apply that.
 */
export class PlanOutdatedError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-08'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, madeAt: string, moved: readonly string[]) {
    super(
      [
        `The plan of "${source}" made at ${madeAt} does not hold any more; nothing was applied.`,
        ...moved,
      ].join('\n'),
      {
        remedy: `sluice plan ${source} --out FILE`,
        details: { source, moved },
      },
    )
  }
}

/**
 * SLUICE-PROJECT-10: what differs from what a source has asserted last cannot be told, because that is not known here.
 *
 * Drift is found by comparing the repository with the files that were delivered last, which the agent keeps. Where they are gone or were
 * changed, where changes came as commands, where the mapping has changed since, or where the repository stands for another delivery, a complete
 * run tells it and repairs it.
 */
export class DriftUnknownError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-10'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`What differs from what "${source}" asserted last cannot be told. ${reason}`, {
      remedy: `sluice plan ${source} --mode complete shows all that a complete would change, and sluice sync ${source} --mode complete repairs it.`,
      details: { source, reason },
    })
  }
}

/**
 * SLUICE-PROJECT-11: rows beside what was prepared were asked for where nothing was prepared.
 *
 * Duplicates and rows without a key stay where a source is prepared, in the work folder of its agent, and of the last preparation only. Their
 * numbers stand in the report of every run.
 */
export class NothingPreparedHereError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-11'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string, folder: string) {
    super(`Nothing of "${source}" was prepared here: there is nothing in ${folder}.`, {
      remedy: 'Ask in the folder of the project whose agent delivers the source.',
      details: { source, folder },
    })
  }
}
