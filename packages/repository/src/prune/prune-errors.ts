import { AnsweredError } from '@sluice/model'

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
