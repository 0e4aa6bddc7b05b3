/**
 * The engine: works a source's queue of deliveries, one after the other, each in one transaction.
 *
 * A run is recorded before it begins and closed in the transaction that applies it. Whatever happens
 * in between, a crash included, leaves the repository as it was and the delivery ready for the next try.
 *
 * @module
 */
import { join } from 'node:path'
import type {
  Change,
  Configuration,
  DeliveryMode,
  Mode,
  OnProgress,
  RejectedRow,
  RunReport,
  RunState,
} from '@sluice/model'
import { columnsOfAssociationMapping, columnsOfEntityMapping, SluiceError } from '@sluice/model'
import type { Inbox, Manifest } from '@sluice/protocol'
import type { Repository, Session } from '@sluice/repository'
import { applyChangeSet } from './apply/apply-change-set.ts'
import { rememberTransaction } from './apply/remember-transaction.ts'
import {
  dropChangeSet,
  hasMoved,
  keepChangeSet,
  lockHeldRun,
  RunNotHeldError,
  tablesOf,
} from './held-runs.ts'
import { allChanges, appliedChanges, sampleChanges, sampleLoaded } from './read-changes.ts'
import { ColumnsDifferError, InitialRefusedError, UnknownDeliverySourceError } from './receive/errors.ts'
import { FolderInbox } from './receive/folder-inbox.ts'
import { moveDelivery, nextDelivery, type QueuedDelivery, waitingDeliveries } from './receive/queue.ts'
import { type Computed, computeChangeSet, dropScratchTables, rejectedTable } from './run.ts'
import { beginRun, closeRun, markInterrupted, type RunStart } from './run-record.ts'
import { changeSetSchema } from './terms/change-set.ts'
import { countOf, mappingsOf, replicasOf, type SourceIds, tableOf, type Work } from './terms/work.ts'

export interface EngineOptions {
  readonly repository: Repository
  readonly configuration: Configuration
  readonly onProgress?: OnProgress | undefined
}

export interface SynchronizeOptions {
  /** Past the thresholds; a run that is held already is applied too. */
  readonly force?: boolean | undefined
  /** Takes at most so many deliveries from the queue; all that are ready when absent. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface PlanResult {
  readonly report: RunReport
  /** The first changes of each operation of each entity type and association. */
  readonly changes: readonly Change[]
  /** The first rejected rows. */
  readonly rejected: readonly RejectedRow[]
}

export interface Engine {
  readonly inbox: Inbox
  /** What `auto` means for the source as it stands now. */
  decideMode(source: string, mode: Mode): Promise<DeliveryMode>
  /** Gives up deliveries whose process died before they were worked on; an embedded agent does so first. */
  giveUpWaiting(source: string, reason: string): Promise<number>
  /** Works the source's queue to its end, or to the first delivery that waits or is held. */
  synchronize(source: string, options?: SynchronizeOptions): Promise<readonly RunReport[]>
  /** What a delivery would do; everything it computes is rolled back. */
  plan(
    source: string,
    mode: DeliveryMode,
    prepared: { readonly folder: string; readonly manifest: Manifest },
    options?: { readonly sample?: number | undefined },
  ): Promise<PlanResult>
  /** The changes of a held or applied run. */
  changes(run: number, options?: { readonly limit?: number | undefined }): AsyncIterable<Change>
  /** Applies a held change set as it stands; when the repository moved, computes it again and holds that. */
  approve(run: number, decision: { readonly by: string }): Promise<{ report: RunReport; moved: boolean }>
  reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport>
}

/** SLUICE-RUN-02: another process is working on this source at the moment. */
export class SourceAtWorkError extends SluiceError {
  readonly code = 'SLUICE-RUN-02'
  readonly blame = 'usage'

  constructor(source: string) {
    super(`Source ${source} is being synchronized by another process.`, {
      remedy: 'Wait until it is done, then run again.',
    })
  }
}

type Decided =
  | { readonly moved: false; readonly report: RunReport }
  | { readonly moved: true; readonly source: string }

/** Carries a result out of a transaction that must not be committed. */
class RolledBack<T> {
  readonly result: T
  constructor(result: T) {
    this.result = result
  }
}

/** Tells that a threshold holds a run whose first load went straight in: it has to be computed again. */
const needsChangeTables = Symbol('needs change tables')

export function openEngine(options: EngineOptions): Engine {
  return new EmbeddedEngine(options)
}

class EmbeddedEngine implements Engine {
  readonly inbox: FolderInbox
  readonly #options: EngineOptions

  constructor(options: EngineOptions) {
    this.#options = options
    const folder = join(options.configuration.workFolder, 'inbox')
    this.inbox = new FolderInbox(options.repository.database, options.configuration, folder)
  }

  get #database() {
    return this.#options.repository.database
  }

  async decideMode(source: string, mode: Mode): Promise<DeliveryMode> {
    if (mode !== 'auto') {
      if (mode === 'initial' && (await this.#holdsResources(source))) throw new InitialRefusedError(source)
      return mode
    }
    // A complete of nothing is an initial with its thresholds on.
    return 'complete'
  }

  async giveUpWaiting(source: string, reason: string): Promise<number> {
    const waiting = await this.#database.session((session) => waitingDeliveries(session, source))
    for (const { id } of waiting) await this.inbox.giveUp(id, 'cancelled', reason)
    return waiting.length
  }

  async synchronize(source: string, options: SynchronizeOptions = {}): Promise<readonly RunReport[]> {
    const done = await this.#database.exclusively(`source ${source}`, () => this.#workQueue(source, options))
    if (done === undefined) throw new SourceAtWorkError(source)
    return done.result
  }

  async #workQueue(source: string, options: SynchronizeOptions): Promise<readonly RunReport[]> {
    const sourceId = await this.#sourceId(source)
    await this.#database.transaction((session) => markInterrupted(session, sourceId))
    const reports: RunReport[] = []
    for (let left = options.limit ?? Number.POSITIVE_INFINITY; left > 0; left -= 1) {
      options.signal?.throwIfAborted()
      const next = await this.#database.session((session) => nextDelivery(session, source))
      if (next === undefined || next.state === 'announced') return reports
      if (next.state === 'held') {
        if (options.force !== true || next.run === null) return reports
        const decision = await this.#decide(next.run, { by: '--force' })
        // When the repository moved meanwhile, the delivery waits again and is taken next.
        if (decision.moved) left += 1
        else reports.push(decision.report)
        continue
      }
      if (next.mode === 'initial' && (await this.#holdsResources(source))) {
        await this.inbox.giveUp(next.id, 'refused', new InitialRefusedError(source).message)
        continue
      }
      reports.push(await this.#run(next, options))
    }
    return reports
  }

  async #run(delivery: QueuedDelivery, options: SynchronizeOptions): Promise<RunReport> {
    const sourceId = await this.#sourceId(delivery.source)
    const forced = options.force === true
    const start = await this.#database.transaction((session) =>
      beginRun(session, { deliveryId: delivery.id, sourceId, mode: delivery.mode, forced }),
    )
    try {
      const attempt = (straight: boolean) =>
        this.#database.transaction((session) =>
          this.#runInTransaction(session, delivery, start, sourceId, straight, options),
        )
      const report = await attempt(true).catch((error: unknown) => {
        if (error === needsChangeTables) return attempt(false)
        throw error
      })
      await this.#database.checkpoint()
      if (report.state === 'applied') await this.inbox.discard(delivery.id)
      return report
    } catch (error) {
      await this.#recordFailure(delivery, start, error)
      throw error
    }
  }

  async #runInTransaction(
    session: Session,
    delivery: QueuedDelivery,
    start: RunStart,
    sourceId: number,
    straight: boolean,
    options: SynchronizeOptions,
  ): Promise<RunReport> {
    if (delivery.manifest === null) throw new Error(`Delivery ${delivery.id} is ready without a manifest.`)
    const work = this.#work(session, delivery.source, sourceId, delivery.mode, start.runId)
    const { manifest } = delivery
    this.#checkColumns(work, manifest)
    await takeTurns(session)
    const delivered = { folder: this.inbox.folderOf(delivery.id), manifest }
    const computed = await computeChangeSet(work, delivered, await this.#sourceIds(session), straight)
    options.signal?.throwIfAborted()
    const held = computed.exceeded.length > 0 && options.force !== true && delivery.mode !== 'initial'
    if (held && computed.loaded.length > 0) throw needsChangeTables
    await session.execute(
      `insert into sluice_rejected_row select ${start.runId}, * from ${rejectedTable(work)}`,
    )
    const state: RunState = held ? 'held' : 'applied'
    const applying = performance.now()
    if (held) {
      await dropScratchTables(work, new Set(tablesOf(computed.changeSet)))
      await keepChangeSet(session, computed.changeSet)
    } else {
      await this.#apply(work, computed)
      await dropScratchTables(work, new Set())
      await session.query('update sluice_source set applied_delivery = $2 where source_id = $1', [
        sourceId,
        delivery.id,
      ])
    }
    const report = this.#report(delivery, start, state, computed, manifest, performance.now() - applying)
    await closeRun(session, start.runId, state, report, held ? computed.changeSet : null)
    await moveDelivery(session, delivery.id, ['ready', 'held'], state)
    return report
  }

  async #apply(work: Work, computed: Computed): Promise<void> {
    const { session, model, runId, sourceId } = work
    const verifies = work.source.entities.map(({ entityType }) => entityType)
    await applyChangeSet({ session, model, runId, sourceId, verifies }, computed.changeSet)
    for (const entityType of verifies) {
      const counts = computed.changeSet.entities.find((entry) => entry.entityType === entityType)?.counts
      const changed = counts !== undefined && counts.inserted + counts.updated > 0
      const rejected = computed.entities.some(
        (report) => report.mapping === entityType && report.withheld > 0,
      )
      await rememberTransaction(session, {
        sourceId,
        entityType,
        wrote: changed || computed.loaded.includes(entityType),
        compared: computed.compared.includes(entityType) && !rejected,
      })
    }
  }

  async plan(
    source: string,
    mode: DeliveryMode,
    prepared: { readonly folder: string; readonly manifest: Manifest },
    options: { readonly sample?: number | undefined } = {},
  ): Promise<PlanResult> {
    const sourceId = await this.#sourceId(source)
    const startedAt = new Date().toISOString()
    const delivery = { id: '00000000-0000-0000-0000-000000000000', source, mode }
    try {
      await this.#database.transaction(async (session) => {
        const work = this.#work(session, source, sourceId, mode, 0)
        this.#checkColumns(work, prepared.manifest)
        await takeTurns(session)
        const computed = await computeChangeSet(work, prepared, await this.#sourceIds(session), true)
        const report = {
          ...this.#report(delivery, { runId: 0, startedAt }, 'planned', computed, prepared.manifest, 0),
          run: null,
        }
        const sample = options.sample ?? 3
        const loaded: Change[] = []
        for (const type of computed.loaded) {
          const replicas = replicasOf(source, type)
          loaded.push(...(await sampleLoaded(session, work.model, type, replicas, sample)))
        }
        const changes = [...loaded, ...(await sampleChanges(session, work.model, computed.changeSet, sample))]
        throw new RolledBack<PlanResult>({ report, changes, rejected: await sampleRejected(session, work) })
      })
    } catch (error) {
      if (error instanceof RolledBack) return error.result as PlanResult
      throw error
    }
    throw new Error('A plan ended without a result.')
  }

  async *changes(run: number, options: { readonly limit?: number | undefined } = {}): AsyncIterable<Change> {
    const read = <T>(work: (session: Session) => Promise<T>) => this.#database.session(work)
    const { rows } = await read((session) =>
      session.query<{ state: string; change_set: unknown }>(
        'select state, change_set from sluice_run where run_id = $1',
        [run],
      ),
    )
    const row = rows[0]
    if (row === undefined) throw new RunNotHeldError(run, undefined)
    const source =
      row.state === 'held'
        ? allChanges(read, this.#options.configuration.model, changeSetSchema.parse(row.change_set))
        : appliedChanges(read, run)
    let count = 0
    for await (const change of source) {
      if (options.limit !== undefined && count >= options.limit) return
      count += 1
      yield change
    }
  }

  async approve(
    run: number,
    decision: { readonly by: string },
  ): Promise<{ report: RunReport; moved: boolean }> {
    const decided = await this.#decide(run, decision)
    if (!decided.moved) return decided
    const [report] = await this.synchronize(decided.source)
    if (report === undefined) throw new Error(`The delivery of run ${run} was not computed again.`)
    return { report, moved: true }
  }

  /** Applies a held run; or, when the repository moved under it, lets its delivery wait again. */
  async #decide(run: number, decision: { readonly by: string }): Promise<Decided> {
    const { model } = this.#options.configuration
    const outcome = await this.#database.transaction(async (session) => {
      await takeTurns(session)
      const held = await lockHeldRun(session, run)
      if (await hasMoved(session, model, held)) {
        await dropChangeSet(session, held.changeSet)
        const report = { ...held.report, state: 'cancelled' as const }
        await closeRun(session, run, 'cancelled', report)
        await moveDelivery(session, held.deliveryId, ['held'], 'ready')
        return { moved: true as const, source: held.source }
      }
      const verifies = this.#source(held.source).entities.map(({ entityType }) => entityType)
      await applyChangeSet({ session, model, runId: run, sourceId: held.sourceId, verifies }, held.changeSet)
      for (const { entityType, counts } of held.changeSet.entities) {
        if (!verifies.includes(entityType) || counts.inserted + counts.updated === 0) continue
        await rememberTransaction(session, {
          sourceId: held.sourceId,
          entityType,
          wrote: true,
          compared: false,
        })
      }
      await dropChangeSet(session, held.changeSet)
      const report: RunReport = { ...held.report, state: 'applied', finishedAt: new Date().toISOString() }
      await closeRun(session, run, 'applied', report)
      await session.query('update sluice_run set decided_by = $2, decided_at = now() where run_id = $1', [
        run,
        decision.by,
      ])
      await session.query('update sluice_source set applied_delivery = $2 where source_id = $1', [
        held.sourceId,
        held.deliveryId,
      ])
      await moveDelivery(session, held.deliveryId, ['held'], 'applied')
      return { moved: false as const, report, deliveryId: held.deliveryId }
    })
    if (outcome.moved) return outcome
    await this.#database.checkpoint()
    await this.inbox.discard(outcome.deliveryId)
    return { report: outcome.report, moved: false }
  }

  async reject(
    run: number,
    decision: { readonly by: string; readonly reason?: string | undefined },
  ): Promise<RunReport> {
    const { report, deliveryId } = await this.#database.transaction(async (session) => {
      const held = await lockHeldRun(session, run)
      await dropChangeSet(session, held.changeSet)
      const rejected: RunReport = { ...held.report, state: 'rejected', finishedAt: new Date().toISOString() }
      await closeRun(session, run, 'rejected', rejected)
      await session.query('update sluice_run set decided_by = $2, decided_at = now() where run_id = $1', [
        run,
        decision.by,
      ])
      await moveDelivery(
        session,
        held.deliveryId,
        ['held'],
        'rejected',
        decision.reason ?? `Rejected by ${decision.by}.`,
      )
      return { report: rejected, deliveryId: held.deliveryId }
    })
    await this.inbox.discard(deliveryId)
    return report
  }

  #source(name: string) {
    const source = this.#options.configuration.sources.get(name)
    if (source === undefined) throw new UnknownDeliverySourceError(name)
    return source
  }

  #work(session: Session, name: string, sourceId: number, mode: DeliveryMode, runId: number): Work {
    const { configuration, onProgress } = this.#options
    const suffix = runId === 0 ? `plan_${Math.random().toString(36).slice(2, 10)}` : `run_${runId}`
    return {
      session,
      configuration,
      model: configuration.model,
      source: this.#source(name),
      sourceId,
      mode,
      runId,
      prefix: `sluice_${suffix}`,
      onProgress: onProgress ?? (() => undefined),
    }
  }

  async #sourceIds(session: Session): Promise<SourceIds> {
    const { rows } = await session.query<{ name: string; source_id: number }>(
      'select name, source_id from sluice_source',
    )
    return new Map(rows.map(({ name, source_id }) => [name, source_id]))
  }

  async #sourceId(source: string): Promise<number> {
    const ids = await this.#database.session((session) => this.#sourceIds(session))
    const id = ids.get(this.#source(source).name)
    if (id === undefined) throw new UnknownDeliverySourceError(source)
    return id
  }

  async #holdsResources(name: string): Promise<boolean> {
    const source = this.#source(name)
    return await this.#database.session(async (session) => {
      for (const { entityType } of source.entities) {
        const sole = mappingsOf(this.#options.configuration, entityType).length === 1
        const holder = sole ? tableOf(entityType) : replicasOf(name, entityType)
        if ((await countOf(session, `(select from ${holder} limit 1) x`)) > 0) return true
      }
      return false
    })
  }

  #checkColumns(work: Work, manifest: Manifest): void {
    const expected = new Map([
      ...work.source.entities.map((mapping) => [mapping.name, columnsOfEntityMapping(mapping)] as const),
      ...work.source.associations.map(
        (mapping) => [mapping.name, columnsOfAssociationMapping(mapping)] as const,
      ),
    ])
    for (const { mapping, columns } of manifest.files) {
      const wanted = expected.get(mapping) ?? []
      if (columns.join('\n') !== wanted.join('\n')) throw new ColumnsDifferError(mapping, columns, wanted)
    }
  }

  async #recordFailure(delivery: QueuedDelivery, start: RunStart, error: unknown): Promise<void> {
    const failed: RunReport = {
      run: start.runId,
      delivery: delivery.id,
      source: delivery.source,
      mode: delivery.mode,
      state: 'failed',
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
    // The database may be what failed; then the run is found interrupted by the next one.
    await this.#database
      .transaction(async (session) => {
        await closeRun(session, start.runId, 'failed', failed)
        await moveDelivery(session, delivery.id, ['ready'], 'failed', failed.error?.message ?? null)
      })
      .catch(() => undefined)
    await this.inbox.discard(delivery.id)
  }

  #report(
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
}

/**
 * Runs of one repository take turns, because two sources may change the same resources; and the large
 * scans of a run may use every core, which PostgreSQL would not choose for statements of this shape.
 */
async function takeTurns(session: Session): Promise<void> {
  await session.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || ' run', 0))`)
  await session.execute('set local parallel_tuple_cost = 0; set local parallel_setup_cost = 0')
}

async function sampleRejected(session: Session, work: Work): Promise<readonly RejectedRow[]> {
  const { rows } = await session.query<
    Omit<RejectedRow, 'column' | 'line'> & { column_name: string | null; line: string | null }
  >(`select mapping, file, line, key, column_name, value, reason from ${rejectedTable(work)} limit 10`)
  return rows.map(({ column_name, line, ...row }) => ({
    ...row,
    column: column_name,
    line: line === null ? null : Number(line),
  }))
}
