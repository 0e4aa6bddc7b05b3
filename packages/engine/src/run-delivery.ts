/**
 * Runs one delivery from the queue: recorded before it begins, closed in the transaction that applies it.
 *
 * Whatever happens in between, a crash included, leaves the repository as it was and the delivery ready
 * for the next try.
 *
 * @module
 */
import { type DeliveryMode, type RunReport, type RunState, SluiceError } from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import type { Session } from '@sluice/repository'
import { applyChangeSet } from './apply/apply-change-set.ts'
import { rememberStored } from './apply/remember-stored.ts'
import { rememberTransaction } from './apply/remember-transaction.ts'
import {
  checkColumns,
  type EngineContext,
  openWork,
  readSourceIds,
  sourceIdOf,
  takeTurns,
  waitsForTurn,
} from './engine-context.ts'
import { keepChangeSet, tablesOf } from './held-runs.ts'
import { moveDelivery, type QueuedDelivery } from './receive/queue.ts'
import { type Computed, computeChangeSet, dropScratchTables, rejectedTable } from './run.ts'
import { beginRun, closeRun, type RunStart } from './run-record.ts'
import type { Work } from './terms/work.ts'

export interface RunOptions {
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Tells that a threshold holds a run whose first load went straight in: it has to be computed again. */
const needsChangeTables = Symbol('needs change tables')

export async function runDelivery(
  context: EngineContext,
  delivery: QueuedDelivery,
  options: RunOptions,
): Promise<RunReport> {
  const { database, inbox } = context
  const sourceId = await sourceIdOf(context, delivery.source)
  const forced = options.force === true
  const start = await database.transaction((session) =>
    beginRun(session, { deliveryId: delivery.id, sourceId, mode: delivery.mode, forced }),
  )
  const attempt = (straight: boolean) =>
    database.transaction((session) =>
      runInTransaction(context, session, { delivery, start, sourceId, straight }, options),
    )
  try {
    const report = await attempt(true).catch((error: unknown) => {
      if (error === needsChangeTables) return attempt(false)
      throw error
    })
    await database.checkpoint()
    if (report.state === 'applied') await inbox.discard(delivery.id)
    return report
  } catch (error) {
    const state = options.signal?.aborted === true ? 'interrupted' : 'failed'
    await recordFailure(context, delivery, start, state, error)
    throw error
  }
}

interface Attempt {
  readonly delivery: QueuedDelivery
  readonly start: RunStart
  readonly sourceId: number
  readonly straight: boolean
}

async function runInTransaction(
  context: EngineContext,
  session: Session,
  { delivery, start, sourceId, straight }: Attempt,
  options: RunOptions,
): Promise<RunReport> {
  const { manifest, mode, source } = delivery
  if (manifest === null) throw new Error(`Delivery ${delivery.id} is ready without a manifest.`)
  const work = openWork(context, session, {
    source,
    sourceId,
    mode,
    runId: start.runId,
    signal: options.signal,
  })
  checkColumns(work.source, manifest)
  await takeTurns(session, () => work.onProgress({ stage: 'receive', source, subject: waitsForTurn }))
  const delivered = { folder: context.inbox.folderOf(delivery.id), manifest }
  const computed = await computeChangeSet(work, delivered, await readSourceIds(session), straight)
  options.signal?.throwIfAborted()
  const held = computed.exceeded.length > 0 && options.force !== true && mode !== 'initial'
  if (held && computed.loaded.length > 0) throw needsChangeTables
  await session.execute(
    `insert into sluice_rejected_row select ${start.runId}, * from ${rejectedTable(work)}`,
  )
  const before = runReport(delivery, start, held ? 'held' : 'applied', computed, manifest, 0)
  work.onProgress({ stage: 'apply', source, passed: held ? undefined : before })
  const applying = performance.now()
  await (held ? hold(work, computed) : apply(work, computed, delivery.id))
  options.signal?.throwIfAborted()
  const state: RunState = held ? 'held' : 'applied'
  const report = runReport(delivery, start, state, computed, manifest, performance.now() - applying)
  await closeRun(session, start.runId, state, report, held ? computed.changeSet : null)
  await moveDelivery(session, delivery.id, ['ready', 'held'], state)
  return report
}

async function hold(work: Work, computed: Computed): Promise<void> {
  await dropScratchTables(work, new Set(tablesOf(computed.changeSet)))
  await keepChangeSet(work.session, computed.changeSet)
}

async function apply(work: Work, computed: Computed, deliveryId: string): Promise<void> {
  const { session, model, runId, sourceId } = work
  const verifies = work.source.entities.map(({ entityType }) => entityType)
  await applyChangeSet({ session, model, runId, sourceId, verifies }, computed.changeSet)
  for (const entityType of verifies) {
    const counts = computed.changeSet.entities.find((entry) => entry.entityType === entityType)?.counts
    const changed = counts !== undefined && counts.inserted + counts.updated > 0
    const report = computed.entities.find(({ mapping }) => mapping === entityType)
    // Resources that stay because their rows could not be read were not compared.
    const unread = (report?.withheld ?? 0) + (report?.rows?.rejected ?? 0) > 0
    await rememberTransaction(session, {
      sourceId,
      entityType,
      wrote: changed || computed.loaded.includes(entityType),
      compared: computed.compared.includes(entityType) && !unread,
    })
  }
  await rememberStored(session, work.source.name, [...computed.entities, ...computed.associations])
  await dropScratchTables(work, new Set())
  await session.query('update sluice_source set applied_delivery = $2 where source_id = $1', [
    sourceId,
    deliveryId,
  ])
}

async function recordFailure(
  { database, inbox }: EngineContext,
  delivery: QueuedDelivery,
  start: RunStart,
  state: 'failed' | 'interrupted',
  error: unknown,
): Promise<void> {
  const failed: RunReport = {
    run: start.runId,
    delivery: delivery.id,
    source: delivery.source,
    mode: delivery.mode,
    state,
    startedAt: start.startedAt,
    finishedAt: new Date().toISOString(),
    entities: [],
    associations: [],
    exceeded: [],
    stages: [],
    notes: [],
    error: {
      code: error instanceof SluiceError ? error.code : 'SLUICE-DEFECT',
      message: error instanceof Error ? error.message : String(error),
      remedy: error instanceof SluiceError ? error.remedy : undefined,
    },
  }
  const reason = failed.error?.message ?? null
  const recorded = database.transaction(async (session) => {
    await closeRun(session, start.runId, state, failed)
    await moveDelivery(session, delivery.id, ['ready'], state === 'failed' ? 'failed' : 'cancelled', reason)
  })
  // The database may be what failed. Then the delivery is still in the queue and needs its files, and the
  // next run finds this one interrupted.
  await recorded.then(() => inbox.discard(delivery.id)).catch(() => undefined)
}

/** What the run says of itself; `applyMilliseconds` comes on top of what a straight load took. */
export function runReport(
  delivery: { readonly id: string; readonly source: string; readonly mode: DeliveryMode },
  start: RunStart,
  state: RunState,
  computed: Computed,
  manifest: Manifest,
  applyMilliseconds: number,
): RunReport {
  const { timings, notes } = manifest
  const straight = computed.stages.find(({ stage }) => stage === 'apply')?.milliseconds ?? 0
  return {
    run: start.runId,
    delivery: delivery.id,
    source: delivery.source,
    mode: delivery.mode,
    state,
    startedAt: start.startedAt,
    finishedAt: new Date().toISOString(),
    entities: computed.entities,
    associations: computed.associations,
    exceeded: computed.exceeded,
    stages: [
      { stage: 'export', milliseconds: timings.export },
      { stage: 'prepare', milliseconds: timings.prepare },
      ...computed.stages.filter(({ stage }) => stage !== 'apply'),
      { stage: 'apply', milliseconds: Math.round(straight + applyMilliseconds) },
    ],
    notes,
    error: null,
  }
}
