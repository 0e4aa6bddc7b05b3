/**
 * Why a run is not taken back.
 *
 * @module
 */
import { AnsweredError, describeConflict, type RevertConflict } from '@sluice/model'

/**
 * SLUICE-REVERT-01: the run is not there, or has changed nothing, because it is not applied.
 *
 * A held run is let go by `sluice runs reject`; one that failed, was cancelled or interrupted has left nothing to take back.
 */
export class NothingToRevertError extends AnsweredError {
  readonly code = 'SLUICE-REVERT-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number, state: string | undefined) {
    super(
      state === undefined
        ? `There is no run ${run}.`
        : `Run ${run} cannot be taken back: it is ${state}, so nothing of it was applied.`,
      {
        remedy: state === 'held' ? `sluice runs reject ${run} lets it go.` : 'sluice runs',
        details: { run },
      },
    )
  }
}

const shown = 5

/**
 * SLUICE-REVERT-02: something has changed since the run, and taking it back would overwrite that.
 *
 * Each conflict is told with the run that has written since, and whose that is. Take that run back first, or let what conflicts stay as it
 * is: `--skip-conflicts` takes back all the rest. A plan (`--dry-run`) shows what that would be.
 */
export class RevertConflictsError extends AnsweredError {
  readonly code = 'SLUICE-REVERT-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number, conflicts: readonly RevertConflict[], count: number) {
    const first = conflicts.slice(0, shown).map(describeConflict)
    const more = count > first.length ? [`and ${count - first.length} more`] : []
    super(
      `Run ${run} was not taken back, because ${count === 1 ? 'something has' : 'things have'} changed since: ${[...first, ...more].join('; ')}.`,
      {
        remedy: `Take back what came since first, or leave it as it is: sluice runs revert ${run} --skip-conflicts`,
        details: { run, count, conflicts },
      },
    )
  }
}

/** SLUICE-REVERT-03: the run has taken a merge back. What it has undone is not done by taking it back, but by merging again. */
export class MergeAgainError extends AnsweredError {
  readonly code = 'SLUICE-REVERT-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number) {
    super(`Run ${run} has taken a merge back, and cannot be taken back itself.`, {
      remedy: 'Merge the resources again: sluice resource merge.',
      details: { run },
    })
  }
}
