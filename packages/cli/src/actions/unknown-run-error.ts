import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-02: the repository has no run of this number.
 *
 * `sluice runs --limit all` lists every run. Plans are no runs and have no number.
 */
export class UnknownRunError extends SluiceError {
  readonly code = 'SLUICE-USAGE-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(run: number) {
    super(`There is no run ${run}.`, { remedy: 'sluice runs' })
  }
}
