/**
 * Runs one delivery from the queue: recorded before it begins, closed in the transaction that applies it.
 *
 * Whatever happens in between, a crash included, leaves the repository as it was and the delivery ready
 * for the next try.
 *
 * @module
 */
import {
  type DeliveryEvent,
  type DeliveryMode,
  type DeliveryState,
  deliveryLife,
  type RunEvent,
  type RunReport,
  type RunState,
  runLife,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { ConnectionError, ConnectionLostError, type Session } from '@sluice/repository'
import { applyChangeSet } from './apply/apply-change-set.ts'
import { rememberStored } from './apply/remember-stored.ts'
import { rememberTransaction } from './apply/remember-transaction.ts'
import { rememberMappings } from './changed-mappings.ts'
import {
  checkColumns,
  type EngineContext,
  openWork,
  readSourceIds,
  takeTurns,
  waitsForTurn,
} from './engine-context.ts'
import { keepChangeSet } from './held-runs.ts'
import { markApplied } from './mark-applied.ts'
import { moveDelivery, type QueuedDelivery } from './receive/queue.ts'
import { type Computed, computeChangeSet } from './run.ts'
import { beginRun, closeRun, type RunStart, reportWithout } from './run-record.ts'
import type { ChangeSet } from './terms/change-set.ts'
import type { Work } from './terms/work.ts'
import { dropWorkTables } from './terms/work-tables.ts'

export interface RunOptions {
  /** Past the thresholds. */
  readonly force?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  /** Interrupted, or without its database, the run leaves its delivery in the queue. */
  readonly requeue?: boolean | undefined
}

/** Tells that a threshold holds a run whose first load went straight in: it has to be computed again. */
const needsChangeTables = Symbol('needs change tables')

/** `undefined`: the delivery was not this run's to apply any more, and the queue has to be looked at again. */
export async function runDelivery(
  context: EngineContext,
  delivery: QueuedDelivery,
  sourceId: number,
  options: RunOptions,
): Promise<RunReport | undefined> {
  const { database, inbox } = context
  const forced = options.force === true
  const start = await database.session((session) =>
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
    if (error instanceof TakenAway) {
      const report = reportWithout(delivery, start, 'preempted', { notes: [error.message] })
      await recordEnd(context, delivery, report, { run: 'preempted', delivery: undefined })
      return undefined
    }
    const ended = endOf(error, options)
    await recordEnd(context, delivery, reportWithout(delivery, start, ended.run, { error }), ended)
    throw error
  }
}

/** What has happened to a run that applied nothing, and to its delivery; `undefined` leaves that in the queue. */
interface End {
  readonly run: RunEvent
  readonly delivery: DeliveryEvent | undefined
}

function endOf(error: unknown, { signal, requeue }: RunOptions): End {
  if (signal?.aborted === true) {
    return { run: 'interrupted', delivery: requeue === true ? undefined : 'interrupted' }
  }
  const away = error instanceof ConnectionLostError || error instanceof ConnectionError
  if (away && requeue === true) return { run: 'interrupted', delivery: undefined }
  return { run: 'failed', delivery: 'failed' }
}

/** The delivery was cancelled, or worked on by somebody else, before this run could begin on it. */
class TakenAway extends Error {}

/**
 * Makes sure, in the transaction that is to apply the delivery, that it is still this run's: whoever else could
 * have worked on it has taken his turn before. From here to the end nobody cancels it; and a process that takes
 * the source over marks this run interrupted, so that it cannot be closed as applied. Both hold even when the
 * lock of the source was lost without our knowing.
 */
async function takeDelivery(session: Session, delivery: QueuedDelivery, start: RunStart): Promise<void> {
  const { rows } = await session.query<{
    state: DeliveryState
    reason: string | null
    applied: string | null
  }>(
    `select d.state, d.reason, s.applied_delivery as applied
     from sluice_delivery d join sluice_source s using (source_id) where d.delivery_id = $1 for update of d`,
    [delivery.id],
  )
  const now = rows[0]
  if (now === undefined || !deliveryLife.takes(now.state, 'passed')) {
    throw new TakenAway(now?.reason ?? `The delivery is ${now?.state ?? 'gone'} already.`)
  }
  if (delivery.mode === 'incremental' && now.applied !== delivery.base) {
    throw new TakenAway('Another delivery was applied meanwhile.')
  }
  // After the row was ours: a run that was marked while we waited for it shows only now.
  const { rows: runs } = await session.query('select from sluice_run where run_id = $1 and state = any($2)', [
    start.runId,
    runLife.statesThatTake('passed'),
  ])
  if (runs.length === 0) throw new TakenAway('Another process has taken the source over.')
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
    manifest,
    signal: options.signal,
  })
  checkColumns(work.source, manifest)
  const asked = performance.now()
  await takeTurns(session, {
    onWait: () => work.onProgress({ stage: 'receive', source, subject: waitsForTurn }),
    signal: work.signal,
  })
  await takeDelivery(session, delivery, start)
  const received = delivery.receiveMilliseconds + performance.now() - asked
  const delivered = { folder: context.inbox.folderOf(delivery.id), manifest }
  const computed = await computeChangeSet(work, delivered, await readSourceIds(session), straight)
  options.signal?.throwIfAborted()
  const held = computed.exceeded.length > 0 && options.force !== true && mode !== 'initial'
  if (held && computed.loaded.length > 0) throw needsChangeTables
  const before = runReport(delivery, start, held ? 'held' : 'applied', computed, manifest, {
    received,
    applied: 0,
  })
  work.onProgress({ stage: 'apply', source, passed: held ? undefined : before })
  const applying = performance.now()
  const kept = held ? await hold(work, computed) : await apply(work, computed, delivery.id)
  options.signal?.throwIfAborted()
  const event = held ? 'thresholdExceeded' : 'passed'
  const state = runLife.destinationOf(event)
  const spent = { received, applied: performance.now() - applying }
  const report = runReport(delivery, start, state, computed, manifest, spent)
  const closed = await closeRun(session, start.runId, event, report, kept)
  const moved = await moveDelivery(session, delivery.id, event)
  if (!closed || !moved) throw new TakenAway('Another process has taken the source over.')
  return report
}

async function hold(work: Work, computed: Computed): Promise<ChangeSet> {
  const kept = await keepChangeSet(work, computed.changeSet)
  await dropWorkTables(work)
  return kept
}

/** Nothing has to be kept of what was applied. */
async function apply(work: Work, computed: Computed, deliveryId: string): Promise<null> {
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
  if (computed.newMappings) await rememberMappings(session, sourceId, work.source)
  await rememberStored(session, work.source.name, [...computed.entities, ...computed.associations])
  await dropWorkTables(work)
  await markApplied(session, sourceId, computed.changeSet.endsChain ? undefined : deliveryId)
  return null
}

/**
 * Records how a run ended that applied nothing. A run that another process has taken over is that one's to
 * record, and so are its delivery and the files.
 */
async function recordEnd(
  { database, inbox }: EngineContext,
  delivery: QueuedDelivery,
  report: RunReport,
  ended: End,
): Promise<void> {
  const recorded = database.transaction(async (session) => {
    const own = report.run !== null && (await closeRun(session, report.run, ended.run, report))
    if (!own || ended.delivery === undefined) return false
    return await moveDelivery(session, delivery.id, ended.delivery, report.error?.message ?? null)
  })
  // The database may be what failed. Then the delivery is still in the queue and needs its files, and the
  // next run finds this one interrupted.
  const over = await recorded.catch(() => false)
  if (over) await inbox.discard(delivery.id)
}

/** What the run says of itself; `applied` (milliseconds) comes on top of what a straight load took. */
export function runReport(
  delivery: { readonly id: string; readonly source: string; readonly mode: DeliveryMode },
  start: RunStart,
  state: RunState,
  computed: Computed,
  manifest: Manifest,
  spent: { readonly received: number; readonly applied: number },
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
    drift: computed.drift,
    decision: null,
    replacedBy: null,
    stages: [
      { stage: 'export', milliseconds: timings.export },
      { stage: 'prepare', milliseconds: timings.prepare },
      { stage: 'receive', milliseconds: Math.round(spent.received) },
      ...computed.stages.filter(({ stage }) => stage !== 'apply'),
      { stage: 'apply', milliseconds: Math.round(straight + spent.applied) },
    ],
    notes: [...notes, ...computed.notes],
    error: null,
  }
}
