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

  constructor(name: string, known: readonly string[]) {
    const remedy = known.length === 0 ? 'Add one under `sources:` in sluice.yaml.' : suggestion(name, known)
    super(`There is no source "${name}".`, {
      remedy: remedy ?? '`sluice check` lists what is wrong with the configuration.',
    })
  }
}

/**
 * SLUICE-PROJECT-02: another process prepares or synchronizes this source at this moment.
 *
 * Wait for it to end. When it was killed, its lock went with it and this error does not appear.
 */
export class SourceBusyError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-02'
  readonly blame = 'usage'

  constructor(source: string) {
    super(`The source "${source}" is being synchronized by another process.`, {
      remedy: 'Wait until it has ended; `sluice runs` shows its run.',
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

  constructor(source: string, state: string, reason: string | null) {
    super(`The delivery of "${source}" was not applied: it is ${state}${reason ? ` (${reason})` : ''}.`, {
      remedy: `Look at \`sluice runs\`, then synchronize again: sluice sync ${source}`,
    })
  }
}

/**
 * SLUICE-PROJECT-04: a run of this source is held, so no incremental is made.
 *
 * An incremental would build on changes that may never be applied. Approve the held run or reject it, or
 * replace it by a complete; nothing was read or announced.
 */
export class SourceHeldError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-04'
  readonly blame = 'usage'

  constructor(source: string, run: number | null) {
    super(`Run ${run ?? '?'} of "${source}" is held, so its changes since then were not asked for.`, {
      remedy: `sluice runs show ${run ?? ''}, then approve or reject it; or sluice sync ${source} --mode complete`,
      details: { source, run },
    })
  }
}

/**
 * SLUICE-PROJECT-05: an incremental was not applied, because it builds on something else than what the repository holds.
 *
 * The repository was restored, or a delivery was lost, rejected or cancelled. Run a complete: it needs no
 * base and sets both sides right.
 */
export class IncrementalRefusedError extends SluiceError {
  readonly code = 'SLUICE-PROJECT-05'
  readonly blame = 'source'

  constructor(source: string, reason: string) {
    super(`The incremental of "${source}" was refused: ${reason}`, {
      remedy: `sluice sync ${source} --mode complete`,
      details: { source, reason },
    })
  }
}
