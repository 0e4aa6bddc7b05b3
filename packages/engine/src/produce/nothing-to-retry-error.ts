import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-RETRY-01: none of the rows that the run rejected can be tried again.
 *
 * A row is tried again as it was delivered. For that, the run must have been applied, the row must have been rejected because of a value
 * and still be rejected, and it must have every column that its mapping reads now. Rows that could not be read, or are longer than 100,000
 * characters, are not stored. An open table needs no retry: each of its runs tries its rows again.
 */
export class NothingToRetryError extends AnsweredError {
  readonly code = 'SLUICE-RETRY-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(run: number, why: readonly string[]) {
    const reasons = why.length === 0 ? 'it rejected no row because of a value.' : why.join(' ')
    super(`Run ${run} has no rejected row that can be tried again: ${reasons}`, {
      remedy: `sluice runs rejected ${run}`,
      details: { run },
    })
  }
}
