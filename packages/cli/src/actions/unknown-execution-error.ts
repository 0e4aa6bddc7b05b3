import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-07: no execution of a job has an id that begins so, or several have.
 *
 * `sluice jobs results --limit all` lists those that are kept, with the first eight characters of their ids; with `--json`, all of each.
 */
export class UnknownExecutionError extends SluiceError {
  readonly code = 'SLUICE-USAGE-07'
  readonly blame = 'usage'
  readonly retry = false

  constructor(id: string) {
    super(`There is no execution of a job whose id begins with "${id}", or there are several.`, {
      remedy: 'sluice jobs results',
    })
  }
}
