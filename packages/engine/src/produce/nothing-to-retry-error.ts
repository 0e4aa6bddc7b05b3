import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-RETRY-01: of the rows that a run rejected, none can be tried again.
 *
 * A row is tried again as it was delivered. That takes that the run was applied, that the row was rejected for a value and is rejected still,
 * and that it was delivered with every column that its mapping reads by now. Rows that could not be read, or are longer than 100,000 characters, are not
 * kept. An open table needs no retry: each of its runs tries its rows again.
 */
export class NothingToRetryError extends AnsweredError {
  readonly code = 'SLUICE-RETRY-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number, why: readonly string[]) {
    const reasons = why.length === 0 ? 'it has rejected none for a value.' : why.join(' ')
    super(`Run ${run} has no rejected row that can be tried again: ${reasons}`, {
      remedy: `sluice runs rejected ${run}`,
      details: { run },
    })
  }
}
