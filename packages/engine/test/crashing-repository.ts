/**
 * A database that dies at the n-th statement and stays dead, as a killed process does for the work it had
 * in hand.
 *
 * @module
 */
import type { Repository } from '@sluice/repository'
import { intercepted } from './intercepted-repository.ts'

export class SimulatedCrash extends Error {}

/** The repository as a process sees it that is killed before its `n`-th statement. */
export function crashingBefore(repository: Repository, n: number): Repository {
  let statements = 0
  return intercepted(repository, async () => {
    statements += 1
    if (statements >= n) throw new SimulatedCrash()
  })
}
