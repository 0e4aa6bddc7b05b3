/**
 * Why a run is not taken back.
 *
 * @module
 */
import { AnsweredError, describeConflict, type RevertConflict } from '@sluice/model'

/**
 * SLUICE-REVERT-01: the run does not exist, or was not applied, so there is nothing to take back.
 *
 * A held run is rejected with `sluice runs reject`. A run that failed, was cancelled or interrupted has changed nothing.
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
        remedy: state === 'held' ? `To discard it: sluice runs reject ${run}` : 'sluice runs',
        details: { run },
      },
    )
  }
}

const shown = 5

/**
 * SLUICE-REVERT-02: something has changed since the run, and taking the run back would overwrite that.
 *
 * The message names each conflict with the later run and who started it. Take that run back first, or skip the conflicts:
 * `--skip-conflicts` takes back everything else. `--dry-run` shows what that would change.
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
        remedy: `Take back the later runs first, or skip these conflicts: sluice runs revert ${run} --skip-conflicts`,
        details: { run, count, conflicts },
      },
    )
  }
}

/** SLUICE-REVERT-03: the run has taken back a merge, and cannot be taken back itself. Merge the resources again instead. */
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

/**
 * SLUICE-REVERT-04: what the run changed was pruned, so nobody knows any more what it would have to be taken back to.
 *
 * `retention.history` says for how long that is kept. What is stored can be changed with `sluice resource set`, or comes again with the next
 * complete of its source.
 */
export class HistoryPrunedError extends AnsweredError {
  readonly code = 'SLUICE-REVERT-04'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number) {
    super(`Run ${run} cannot be taken back: what it changed was pruned.`, {
      remedy: 'Correct the values in their source, or with sluice resource set.',
      details: { run },
    })
  }
}
