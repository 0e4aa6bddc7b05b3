/**
 * Reads the last run of each of many sources, in one statement.
 *
 * @module
 */
import type { DeliveryMode, RunReport, RunState } from '@sluice/model'
import type { Database } from '../database/database.ts'
import { run } from '../database/run-statement.ts'
import { sourceLock } from '../layout/layout.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'

export type LastRun = Pick<RunReport, 'run' | 'mode' | 'state' | 'startedAt' | 'finishedAt'>

/** By source; one that never ran is not among them. */
export async function readLastRuns(
  database: Database,
  sources: readonly string[],
): Promise<ReadonlyMap<string, LastRun>> {
  const found = await read(database, sources)
  const left = await leftAtWork(database, found)
  if (left.length === 0) return found
  // They may have ended since they were read.
  const now = await read(database, left)
  return new Map([...found, ...[...now].map(([source, one]) => [source, interrupted(one)] as const)])
}

/** Of a run that says it is at work, while nobody holds its source: it was left behind by a process that died. */
async function leftAtWork(
  database: Database,
  runs: ReadonlyMap<string, LastRun>,
): Promise<readonly string[]> {
  const left: string[] = []
  for (const [source, { state }] of runs)
    if (state === 'running' && !(await database.isLocked(sourceLock(source)))) left.push(source)
  return left
}

function interrupted(one: LastRun): LastRun {
  return one.state === 'running' ? { ...one, state: 'interrupted' } : one
}

async function read(database: Database, sources: readonly string[]): Promise<ReadonlyMap<string, LastRun>> {
  const { rows } = await database.session((session) => run(session, lastRuns(sources)))
  return new Map(rows.map(({ source, run_id, ...one }) => [source, { run: Number(run_id), ...one }]))
}

interface LastRunRow {
  readonly source: string
  readonly run_id: string
  readonly mode: DeliveryMode | null
  readonly state: RunState
  readonly startedAt: string
  readonly finishedAt: string | null
}

function lastRuns(sources: readonly string[]): Statement<LastRunRow> {
  return statement(
    'read/last-runs',
    sql`select s.name as source, last.run_id, last.mode, last.state, last.started_at as "startedAt", last.finished_at as "finishedAt"
    from sluice_source s cross join lateral (
      select r.run_id, r.mode, r.state, r.started_at, r.finished_at from sluice_run r
      where r.source_id = s.source_id order by -r.run_id limit 1) last
    where s.name = any(${sql.value(sources)}::text[])`,
  )
}
