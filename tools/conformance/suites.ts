/**
 * The suites the runner can read. A further format is a further folder beside `sync-up/` and a line here.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { reconciliation } from './reconciliation/reconciliation.ts'
import type { ConformanceCase, Suite } from './suite.ts'
import { syncUp } from './sync-up/sync-up.ts'
import { syncmapping } from './syncmapping/syncmapping.ts'

const suites: readonly Suite[] = [syncUp, reconciliation, syncmapping]

/** The cases of a folder, whichever suite they belong to; none when there is no such folder. */
export async function readCases(folder: string): Promise<readonly ConformanceCase[]> {
  if (!existsSync(folder)) return []
  const found = await Promise.all(suites.map((suite) => suite.readCases(folder)))
  return found.flat()
}
