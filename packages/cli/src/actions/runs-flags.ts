/**
 * What the commands about runs have in common.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import type { RepositoryReader } from '@sluice/project'
import type { GlobalOptions } from '../context.ts'
import type { RecordFlags } from '../record-options.ts'
import { UnknownRunError } from './unknown-run-error.ts'

export interface RunsFlags extends GlobalOptions, RecordFlags {
  readonly source?: string
  readonly by?: string
  readonly reason?: string
}

export async function readRun(repository: RepositoryReader, id: number): Promise<RunReport> {
  const report = await repository.run(id)
  if (report === undefined) throw new UnknownRunError(id)
  return report
}
