/**
 * Computes what a run would do: the whole computation, in a transaction that is rolled back.
 *
 * @module
 */
import type { Change, RejectedRow, RunReport } from '@sluice/model'
import { run, type Session, type Statement, sql, statement, type Table } from '@sluice/repository'
import type { Produced } from '../changes/produced.ts'
import { sampleChanges, sampleLoaded } from '../changes/read-changes.ts'
import { sumOfChanges } from '../changes/sum-of-changes.ts'
import type { RunContext } from '../context/run-context.ts'
import { guard } from '../guard/guard.ts'
import { holdResourceIds } from '../sql/resource-ids.ts'
import { replicasOf } from '../sql/tables.ts'
import type { EngineContext } from './engine-context.ts'
import { openRun, type RunRequest, turnOf } from './execute-run.ts'
import { runReport } from './run-report.ts'
import { transactionInTurn } from './take-turn.ts'

export interface PlanResult {
  readonly report: RunReport
  /** The first changes of each operation of each entity type and association. */
  readonly changes: readonly Change[]
  /** The first rejected rows. */
  readonly rejected: readonly RejectedRow[]
  /** Of what it would change, where that was asked for: a run on terms of it applies exactly this. */
  readonly sum?: string | undefined
}

export interface PlanRequest extends RunRequest {
  /** Changes shown of each operation of each entity type and association. */
  readonly sample: number
  /** The sum is wanted, too. */
  readonly summed?: boolean | undefined
}

/** Carries the plan out of its transaction, which must not be committed. */
class RolledBack {
  readonly plan: PlanResult
  constructor(plan: PlanResult) {
    this.plan = plan
  }
}

export async function planRun(context: EngineContext, request: PlanRequest): Promise<PlanResult> {
  try {
    const compute = async (session: Session): Promise<never> => {
      throw new RolledBack(await computePlan(context, session, request))
    }
    const options = { ...turnOf(request), parallelWorkers: context.parallelWorkers }
    return await transactionInTurn(context.database, compute, options)
  } catch (error) {
    if (error instanceof RolledBack) return error.plan
    throw error
  }
}

async function computePlan(
  context: EngineContext,
  session: Session,
  request: PlanRequest,
): Promise<PlanResult> {
  const { origin, signal } = request
  const start = { runId: 0, startedAt: new Date().toISOString() }
  await run(session, holdResourceIds())
  const planned = await openRun(context, session, { runId: start.runId, rows: request.rows, signal })
  // A run on terms loads nothing straight either, so that both are summed alike.
  const produced = await request.produce(planned, request.summed !== true)
  const exceeded = guard(produced, produced.limits)
  const times = { before: request.before ?? [], applied: 0 }
  const report = runReport(origin, start, { state: 'planned', produced, exceeded }, times)
  return {
    report: { ...report, run: null },
    changes: await samples(context, session, request, produced),
    rejected: await sampleRejected(planned),
    ...(request.summed === true
      ? { sum: await sumOfChanges(session, planned.model, produced.changeSet) }
      : {}),
  }
}

async function samples(
  { configuration: { model } }: EngineContext,
  session: Session,
  { sample }: PlanRequest,
  { changeSet }: Produced,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (const { source, entityType } of changeSet.loaded) {
    const of = { entityType, replicas: replicasOf(source, entityType) }
    changes.push(...(await sampleLoaded(session, model, of, sample)))
  }
  return [...changes, ...(await sampleChanges(session, model, changeSet, { sample }))]
}

type RejectedRecord = Omit<RejectedRow, 'column' | 'line'> & {
  readonly column_name: string | null
  readonly line: string | null
}

async function sampleRejected({ session, rejectedRows }: RunContext): Promise<readonly RejectedRow[]> {
  const table = await rejectedRows.tableIfMade()
  if (table === undefined) return []
  const { rows } = await run(session, firstRejected(table))
  return rows.map(({ column_name, line, ...row }) => ({
    ...row,
    column: column_name,
    line: line === null ? null : Number(line),
  }))
}

function firstRejected(table: Table): Statement<RejectedRecord> {
  return statement(
    'runs/first-rejected',
    sql`select mapping, file, line, key, column_name, value, reason from ${table}
    order by ctid limit 10`,
  )
}
