/**
 * Finds executions that failed or were cut off, for whoever is to be notified of them: each once.
 *
 * @module
 */
import type { ExecutionRecord } from '@sluice/model'
import type { Session } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'
import { currentState, isSilent, readExecution } from './read-executions.ts'

/** Called in the transaction that keeps how an execution ended: with one that failed or was cut off. */
export type OnJobFailed = (session: Session, execution: ExecutionRecord) => Promise<void>

/**
 * Those of them that failed or were cut off and of which nobody has been notified. One that was only silent, and whose agent comes back to say
 * that it failed, is news again.
 */
export async function takeFailed(
  session: Session,
  executions: readonly string[],
): Promise<readonly ExecutionRecord[]> {
  if (executions.length === 0) return []
  const { rows } = await run(session, noteNotified(executions))
  const found: ExecutionRecord[] = []
  for (const { execution } of rows) {
    const record = await readExecution(session, execution, undefined)
    if (record !== undefined) found.push(record)
  }
  return found
}

function noteNotified(executions: readonly string[]): Statement<{ execution: string }> {
  return statement(
    'jobs/note-notified',
    sql`update sluice_job_execution e set notified_of = ${currentState}
    where e.execution_id = any(${sql.value(executions)}::uuid[]) and ${currentState} in ('failed', 'interrupted')
      and e.notified_of is distinct from ${currentState}
    returning e.execution_id as execution`,
  )
}

/** Ids of those that have not said for too long that they are at work, and of which nobody has been notified. */
export async function readSilent(session: Session): Promise<readonly string[]> {
  const { rows } = await run(session, silent)
  return rows.map(({ execution }) => execution)
}

const silent = statement<{ execution: string }>(
  'jobs/read-silent',
  sql`select e.execution_id as execution from sluice_job_execution e
  where ${isSilent} and e.notified_of is null order by e.started_at, e.execution_id`,
)
