import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-PRUNE-02: the run is no longer kept: it was pruned.
 *
 * What it has changed stays. `retention:` in sluice.yaml says for how long runs are kept, and how many of each source at least; `docs/retention.md`
 * has its defaults. The number may also be one that no run ever had: of what was pruned no list is kept.
 */
export class RunPrunedError extends AnsweredError {
  readonly code = 'SLUICE-PRUNE-02'
  readonly blame = 'usage'
  readonly status = 410
  readonly retry = false

  /** @param prunedBy UTC, ISO 8601: when runs were pruned last. */
  constructor(run: number, prunedBy: string) {
    super(`Run ${run} is no longer kept: it was pruned, on ${prunedBy.slice(0, 10)} at the latest.`, {
      remedy:
        'How long runs are kept stands under retention: runs in sluice.yaml. Those that are kept: sluice runs',
      details: { run, prunedBy },
    })
  }
}

/** SLUICE-PRUNE-01: another process prunes this repository. It removes what is to be removed; there is nothing to do. */
export class PruningElsewhereError extends AnsweredError {
  readonly code = 'SLUICE-PRUNE-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor() {
    super('Another process prunes this repository already.', {
      remedy: 'Wait until it has ended, then look with: sluice prune --dry-run',
    })
  }
}
