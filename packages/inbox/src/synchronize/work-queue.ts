/**
 * Works a source's queue: each delivery in one run of the engine, until one waits, is held or was put aside.
 *
 * @module
 */
import { byForce, type Engine, findChangedMappings, type OnRunClosed } from '@sluice/engine'
import {
  type Configuration,
  type OnProgress,
  type RunReport,
  type SluiceError,
  switchedOn,
} from '@sluice/model'
import { ConnectionLostError, type Database, requireNotSuspended, type Session } from '@sluice/repository'
import {
  BrokenChainError,
  InitialRefusedError,
  ReadOtherwiseError,
  UnknownDeliverySourceError,
} from '../queue/delivery-errors.ts'
import { nextDelivery } from '../queue/queue.ts'
import type { QueuedDelivery } from '../queue/queued-delivery.ts'
import { holdsResources, readChain } from '../queue/read-chain.ts'
import type { FolderInbox } from '../upload/folder-inbox.ts'
import { makeWay } from './make-way.ts'
import { settleLeftAtWork } from './put-aside.ts'
import { type DeliveryRun, runOf } from './run-of-delivery.ts'
import type { WorkMarks } from './work-marks.ts'

export interface QueueParts {
  readonly database: Database
  readonly configuration: Configuration
  readonly inbox: FolderInbox
  readonly marks: WorkMarks
  readonly engine: Engine
  readonly onClosed: OnRunClosed
}

export interface WorkOptions {
  /** Past the thresholds; a run that is held already is applied too. */
  readonly force?: boolean | undefined
  /** Takes at most so many deliveries from the queue; all that are ready when absent. */
  readonly limit?: number | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Of a server: a run that is asked to stop, or that loses the database, leaves its delivery in the queue for
   * the next process; otherwise the delivery is over and a fresh export takes its place.
   */
  readonly requeue?: boolean | undefined
  /** Of a server: it was asked to stop, and what is at work may still end. A death after that is not its delivery's. */
  readonly stopping?: AbortSignal | undefined
}

/** The reports of its runs, and of what is put aside now. Whoever calls has the lock of the source. */
export async function workQueue(
  parts: QueueParts,
  source: string,
  options: WorkOptions,
): Promise<readonly RunReport[]> {
  if (!parts.configuration.sources.has(source)) throw new UnknownDeliverySourceError(source)
  const reports: RunReport[] = [...(await settleLeftAtWork(parts, source))]
  await parts.database.session((session) => requireNotSuspended(session, source))
  const limit = options.limit ?? Number.POSITIVE_INFINITY
  while (reports.length < limit) {
    // What was applied already is reported, whatever is asked meanwhile.
    if (reports.length > 0 && options.signal?.aborted === true) break
    options.signal?.throwIfAborted()
    const step = await synchronizeNext(parts, source, options)
    if (step === 'stop') break
    if (step !== 'again') reports.push(step)
  }
  return reports
}

/** Synchronizes the first delivery of the queue: a report, `again` when it left without one, or `stop`. */
async function synchronizeNext(
  parts: QueueParts,
  source: string,
  options: WorkOptions,
): Promise<RunReport | 'again' | 'stop'> {
  const { database, inbox, marks, engine, configuration } = parts
  const next = await database.session((session) => nextDelivery(session, source))
  if (next === undefined || next.state === 'announced') return 'stop'
  if (next.state === 'held') return await handleHeld(parts, next, options)
  if (next.state === 'aside') return (await makeWay(parts, next)) ? 'again' : 'stop'
  await inbox.checkPlace()
  const refusal = await database.session((session) => refusalOf(configuration, session, next))
  if (refusal !== undefined) {
    return (await inbox.refuse(next, refusal)) ? 'again' : 'stop'
  }
  const { force: forced, signal, requeue } = options
  const of = runOf(configuration, deliveryRun(next, inbox.folderOf(next.id)), options.onProgress)
  const work = () => engine.run({ ...of, forced, signal, requeue })
  return (await marks.during(next.id, askedToStop(options), work, endsTheDatabase(database))) ?? 'again'
}

/** A held delivery stops the queue, unless it is forced or a later complete takes its place. */
async function handleHeld(
  parts: QueueParts,
  held: QueuedDelivery,
  options: WorkOptions,
): Promise<RunReport | 'again' | 'stop'> {
  const { run } = held
  const { engine } = parts
  if (run === null) return 'stop'
  if (options.force === true) {
    const approved = await engine.approve(run, { by: byForce })
    // When the repository moved meanwhile, the delivery waits again and is taken next.
    return approved.moved ? 'again' : approved.report
  }
  return (await makeWay(parts, held)) ? 'again' : 'stop'
}

/** Why a delivery does not fit what is stored. */
async function refusalOf(
  configuration: Configuration,
  session: Session,
  { source, mode, base }: QueuedDelivery,
): Promise<SluiceError | undefined> {
  if (mode === 'initial' && (await holdsResources(session, configuration, source))) {
    return new InitialRefusedError(source)
  }
  if (mode !== 'incremental') return undefined
  const { appliedDelivery } = await readChain(session, configuration, source)
  if (base === null || base !== appliedDelivery) return new BrokenChainError(source, base, appliedDelivery)
  return await otherReading(configuration, session, source)
}

/** Rows that are stored, and do not come again in an incremental, were read otherwise than they would be now. */
async function otherReading(
  { sources, model }: Configuration,
  session: Session,
  name: string,
): Promise<SluiceError | undefined> {
  const source = sources.get(name)
  if (source === undefined) return undefined
  const { notes, added } = await findChangedMappings(session, switchedOn(source), model)
  const why = [...notes.values(), ...added.map((mapping) => `The mapping of ${mapping} is new.`)]
  return why.length === 0 ? undefined : new ReadOtherwiseError(name, why)
}

function askedToStop({ signal, stopping }: WorkOptions): AbortSignal {
  return AbortSignal.any([signal, stopping].filter((one) => one !== undefined))
}

/** A database in this process does not come back: what ended it has ended the process, for all that is worked on here. */
function endsTheDatabase({ kind }: Database): (error: unknown) => boolean {
  return (error) => kind === 'pglite' && error instanceof ConnectionLostError
}

function deliveryRun(delivery: QueuedDelivery, folder: string): DeliveryRun {
  const { id, source, mode, by, manifest, receiveMilliseconds } = delivery
  if (manifest === null) throw new Error(`Delivery ${id} is ready without a manifest.`)
  return { delivery: id, source, mode, by, folder, manifest, receiveMilliseconds }
}
