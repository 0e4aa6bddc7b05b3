/**
 * Tells what a delivery would do: the whole computation, in a transaction that is rolled back.
 *
 * @module
 */
import type { Change, DeliveryMode, RejectedRow, RunReport } from '@sluice/model'
import { type Manifest, manifestSchema } from '@sluice/protocol'
import type { Session } from '@sluice/repository'
import {
  checkColumns,
  type EngineContext,
  openWork,
  readSourceIds,
  sourceIdOf,
  takeTurns,
  waitsForTurn,
} from './engine-context.ts'
import { sampleChanges, sampleLoaded } from './read-changes.ts'
import { type Computed, computeChangeSet } from './run.ts'
import { runReport } from './run-delivery.ts'
import { rejectedBy } from './terms/record-rejected.ts'
import { replicasOf, type Work } from './terms/work.ts'

export interface PlanResult {
  readonly report: RunReport
  /** The first changes of each operation of each entity type and association. */
  readonly changes: readonly Change[]
  /** The first rejected rows. */
  readonly rejected: readonly RejectedRow[]
}

export interface PlanRequest {
  readonly source: string
  readonly mode: DeliveryMode
  readonly prepared: { readonly folder: string; readonly manifest: Manifest }
  /** Changes shown of each operation of each entity type and association. */
  readonly sample: number
  readonly signal?: AbortSignal | undefined
}

/** Carries the plan out of its transaction, which must not be committed. */
class RolledBack {
  readonly plan: PlanResult
  constructor(plan: PlanResult) {
    this.plan = plan
  }
}

export async function planDelivery(context: EngineContext, request: PlanRequest): Promise<PlanResult> {
  const sourceId = await sourceIdOf(context, request.source)
  try {
    return await context.database.transaction(async (session): Promise<never> => {
      throw new RolledBack(await computePlan(context, session, sourceId, request))
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.plan
    throw error
  }
}

async function computePlan(
  context: EngineContext,
  session: Session,
  sourceId: number,
  { source, mode, prepared, sample, signal }: PlanRequest,
): Promise<PlanResult> {
  const start = { runId: 0, startedAt: new Date().toISOString() }
  const work = openWork(context, session, {
    source,
    sourceId,
    mode,
    runId: 0,
    manifest: prepared.manifest,
    signal,
  })
  checkColumns(work.source, prepared.manifest)
  await takeTurns(session, {
    onWait: () => work.onProgress({ stage: 'receive', source, subject: waitsForTurn }),
    signal: work.signal,
  })
  const delivered = { folder: prepared.folder, manifest: manifestSchema.parse(prepared.manifest) }
  const computed = await computeChangeSet(work, delivered, await readSourceIds(session), true)
  const delivery = { id: '00000000-0000-0000-0000-000000000000', source, mode }
  const report: RunReport = {
    ...runReport(delivery, start, 'planned', computed, prepared.manifest, { received: 0, applied: 0 }),
    run: null,
  }
  const changes = await samples(work, computed, sample)
  return { report, changes, rejected: await sampleRejected(session, work) }
}

async function samples(work: Work, computed: Computed, sample: number): Promise<readonly Change[]> {
  const { session, model, source } = work
  const loaded: Change[] = []
  for (const type of computed.loaded) {
    loaded.push(...(await sampleLoaded(session, model, type, replicasOf(source.name, type), sample)))
  }
  return [...loaded, ...(await sampleChanges(session, model, computed.changeSet, sample))]
}

async function sampleRejected(session: Session, work: Work): Promise<readonly RejectedRow[]> {
  const { rows } = await session.query<
    Omit<RejectedRow, 'column' | 'line'> & { column_name: string | null; line: string | null }
  >(`select mapping, file, line, key, column_name, value, reason from ${rejectedBy(work)} limit 10`)
  return rows.map(({ column_name, line, ...row }) => ({
    ...row,
    column: column_name,
    line: line === null ? null : Number(line),
  }))
}
