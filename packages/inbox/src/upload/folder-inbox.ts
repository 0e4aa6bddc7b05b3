/**
 * The inbox: takes deliveries in, on disk and in the queue.
 *
 * In process the agent calls it directly; a server calls it for each request. Every step may be repeated, and
 * what was applied is never applied twice.
 *
 * @module
 */
import { copyFile, link, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nobodyListens, type OnRunClosed, recordRefusal } from '@sluice/engine'
import {
  type Configuration,
  type DeliveryEvent,
  deliveryLife,
  type RunBy,
  type SluiceError,
} from '@sluice/model'
import type {
  Announcement,
  DeliveryStatus,
  ExportFailure,
  Inbox,
  Manifest,
  SourceChain,
  UploadedFile,
} from '@sluice/protocol'
import type { Database, Session } from '@sluice/repository'
import { z } from 'zod'
import { checkClaim, claimInbox, refuseElsewhere } from '../claim/claim-inbox.ts'
import { OpenTableError } from '../load/load-errors.ts'
import { DeliveryNotAsideError, DeliveryNotWaitingError } from '../queue/aside-errors.ts'
import {
  insertDelivery,
  moveDelivery,
  moveWaiting,
  sealDelivery,
  touchDelivery,
} from '../queue/change-delivery.ts'
import {
  AnnouncementDiffersError,
  DeliveryExpiredError,
  DeliveryNotOpenError,
  FilesMissingError,
  PreparationFailedError,
  UnknownDeliverySourceError,
} from '../queue/delivery-errors.ts'
import { overtakeDelivery } from '../queue/overtake-delivery.ts'
import { arrivingDeliveries, findDelivery, overtakenBy, stillForgotten } from '../queue/queue.ts'
import { originOf, type QueuedDelivery } from '../queue/queued-delivery.ts'
import { readChain } from '../queue/read-chain.ts'
import { refuseStandingOn } from '../queue/refuse-standing-on.ts'
import { checkManifest, checkMappings } from './check-delivered.ts'
import { DeliveryFiles } from './delivery-files.ts'
import { filesOf, missingFile } from './missing-file.ts'
import { type Quota, type QuotaLimits, quotaOf } from './quota.ts'
import type { AppendedBytes, DeliveryDecision, ServerInbox } from './server-inbox.ts'
import { Silence } from './silence.ts'
import { DeliveryTooLargeError } from './upload-errors.ts'

/** A delivery that takes files is noted as alive at most so often (milliseconds). */
const touchEvery = 5000

/** What has happened at an agent that wants its delivery to end in this state. */
const givenUpAs = { cancelled: 'givenUp', refused: 'preparationFailed' } as const satisfies Record<
  string,
  DeliveryEvent
>

/** Announces what comes without a name. */
const unnamed: RunBy = { kind: 'program', name: 'sluice' }

interface OpenDelivery {
  readonly files: DeliveryFiles
  touchedAt: number
  /** Came by a link to the agent's file, which is on the disk or can be prepared again. */
  readonly linked: Set<string>
}

export interface FolderInboxOptions {
  readonly database: Database
  readonly configuration: Configuration
  readonly folder: string
  /** Bytes that all files of a delivery may have together. */
  readonly deliverySize?: number | undefined
  /** What one token may have in it at a time. */
  readonly quota?: QuotaLimits | undefined
  /** Wants to know what no run can work on. */
  readonly onClosed?: OnRunClosed | undefined
}

export class FolderInbox implements ServerInbox {
  readonly #database: Database
  readonly #configuration: Configuration
  readonly #folder: string
  readonly #deliverySize: number
  readonly #quota: Quota
  readonly #onClosed: OnRunClosed
  /** Deliveries that this process has received something of. */
  readonly #open = new Map<string, OpenDelivery>()
  readonly #silence = new Silence()
  /** Id in the folder's marker, once it is claimed. */
  #claimed: string | undefined

  constructor(options: FolderInboxOptions) {
    const { database, configuration, folder, deliverySize, quota = {}, onClosed } = options
    this.#database = database
    this.#configuration = configuration
    this.#folder = folder
    this.#deliverySize = deliverySize ?? Number.POSITIVE_INFINITY
    this.#quota = quotaOf(database, quota, (id) => this.folderOf(id))
    this.#onClosed = onClosed ?? nobodyListens
  }

  /** Folder of one delivery's files. */
  folderOf(deliveryId: string): string {
    return join(this.#folder, z.uuid().parse(deliveryId))
  }

  async claim(): Promise<void> {
    this.#claimed = await claimInbox(this.#database, this.#folder)
  }

  async chain(source: string): Promise<SourceChain> {
    return await this.#database.session((session) => readChain(session, this.#configuration, source))
  }

  announcedBy(by: RunBy): Inbox {
    return {
      chain: (source) => this.chain(source),
      announce: (announcement) => this.#announce(announcement, by),
      upload: (id, file) => this.upload(id, file),
      seal: (id, manifest) => this.seal(id, manifest),
      giveUp: (id, state, reason) => this.giveUp(id, state, reason),
      status: (id) => this.status(id),
      exportFailed: (source, failure) => this.#exportFailed(source, failure, by),
    }
  }

  async announce(announcement: Announcement): Promise<DeliveryStatus> {
    return await this.#announce(announcement, unnamed)
  }

  async #announce(announcement: Announcement, by: RunBy): Promise<DeliveryStatus> {
    const { id, source, mode, base, files } = announcement
    const configured = this.#configuration.sources.get(source)
    if (configured === undefined) throw new UnknownDeliverySourceError(source)
    if (configured.table === true) throw new OpenTableError(source)
    checkMappings(configured, this.#configuration.model, files ?? [])
    const size = (files ?? []).reduce((sum, file) => sum + file.size, 0)
    if (size > this.#deliverySize) throw new DeliveryTooLargeError(id, 'The files', this.#deliverySize)
    await this.#quota.admit(by, { id, size })
    const overtaken = await this.#database.transaction(async (session) => {
      if (this.#claimed === undefined) await refuseElsewhere(session, this.#folder)
      else await checkClaim(session, this.#folder, this.#claimed)
      const isNew = await insertDelivery(session, { id, source, mode, base, by })
      if (!isNew) refuseContradiction(await findDelivery(session, id), announcement)
      if (!isNew || files !== undefined) await touchDelivery(session, id, files)
      // What it builds on may have come to nothing before it was announced.
      if (isNew && mode === 'incremental' && base !== undefined)
        await refuseStandingOn(session, base, this.#onClosed)
      return isNew && mode === 'complete' ? await overtake(session, id) : []
    })
    for (const { id } of overtaken) await this.discard(id)
    return await this.#status(id)
  }

  async upload(deliveryId: string, file: UploadedFile): Promise<void> {
    const status = await this.#status(deliveryId)
    // A late repetition of a delivery that is over is no mistake; there is just nothing to do.
    if (status.state !== 'announced') return
    const { files, linked } = this.#opened(deliveryId)
    await files.makeFolder()
    const target = files.pathOf(file.name)
    await rm(target, { force: true })
    linked.add(file.name)
    // A link costs nothing; across file systems it has to be a copy.
    await link(file.path, target).catch(() => copyFile(file.path, target))
  }

  async append(deliveryId: string, file: string, bytes: AppendedBytes): Promise<number> {
    const delivery = await this.#find(deliveryId)
    if (delivery.state !== 'announced') return announcedSize(delivery, file) ?? bytes.offset
    await this.#quota.requireRoom(delivery.by)
    const open = this.#opened(deliveryId)
    open.linked.delete(file)
    return await open.files.append(file, {
      offset: bytes.offset,
      content: bytes.content,
      declared: announcedSize(delivery, file),
      limit: Math.min(bytes.limit ?? Number.POSITIVE_INFINITY, this.#deliverySize),
      stillOpen: () => this.#touch(delivery, open),
    })
  }

  async received(deliveryId: string, file: string): Promise<number> {
    const delivery = await this.#find(deliveryId)
    const over = delivery.state === 'announced' ? undefined : announcedSize(delivery, file)
    return over ?? (await this.#opened(deliveryId).files.sizeOf(file))
  }

  async seal(deliveryId: string, manifest: Manifest): Promise<DeliveryStatus> {
    const status = await this.#status(deliveryId)
    if (status.state !== 'announced') return status
    const started = performance.now()
    const checked = checkManifest(deliveryId, manifest)
    const configured = this.#configuration.sources.get(status.source)
    if (configured === undefined) throw new UnknownDeliverySourceError(status.source)
    checkMappings(configured, this.#configuration.model, filesOf(checked))
    const { files, linked } = this.#opened(deliveryId)
    for (const file of filesOf(checked)) await files.verify(file, { sync: !linked.has(file.name) })
    if (linked.size === 0) await files.syncNames()
    const spent = performance.now() - started
    await this.#database.transaction((session) => sealDelivery(session, deliveryId, checked, spent))
    this.#open.delete(deliveryId)
    return await this.#status(deliveryId)
  }

  async giveUp(deliveryId: string, state: 'cancelled' | 'refused', reason: string): Promise<DeliveryStatus> {
    const moved = await this.#database.transaction(async (session) => {
      const delivery = await findDelivery(session, deliveryId)
      const moved = await moveWaiting(session, deliveryId, givenUpAs[state], reason)
      if (moved && delivery !== undefined && state === 'refused') {
        await recordRefusal(session, originOf(delivery), new PreparationFailedError(reason), this.#onClosed)
      }
      if (moved) await refuseStandingOn(session, deliveryId, this.#onClosed)
      return moved
    })
    // The files of a held run are needed when it has to be computed again.
    if (moved) await this.discard(deliveryId)
    return await this.#status(deliveryId)
  }

  async release(deliveryId: string, decision: DeliveryDecision): Promise<void> {
    const text = decidedBy('Released', decision)
    const moved = await this.#database.transaction((session) =>
      moveDelivery(session, deliveryId, 'released', text),
    )
    if (!moved) throw new DeliveryNotAsideError(deliveryId, (await this.#find(deliveryId)).state)
  }

  async cancel(deliveryId: string, decision: DeliveryDecision): Promise<void> {
    const text = decidedBy('Cancelled', decision)
    const moved = await this.#database.transaction(async (session) => {
      const moved = await moveWaiting(session, deliveryId, 'givenUp', text)
      if (moved) await refuseStandingOn(session, deliveryId, this.#onClosed)
      return moved
    })
    if (moved) return await this.discard(deliveryId)
    const { state, run } = await this.#find(deliveryId)
    throw new DeliveryNotWaitingError(deliveryId, state, run)
  }

  /** Refuses a delivery that came whole and does not fit what is stored; `false` when it is no longer waiting. */
  async refuse(delivery: QueuedDelivery, error: SluiceError): Promise<boolean> {
    const moved = await this.#database.transaction(async (session) => {
      const moved = await moveWaiting(session, delivery.id, 'inapplicable', error.message)
      if (moved) await recordRefusal(session, originOf(delivery), error, this.#onClosed)
      if (moved) await refuseStandingOn(session, delivery.id, this.#onClosed)
      return moved
    })
    if (moved) await this.discard(delivery.id)
    return moved
  }

  /** Refuses a delivery whose files are gone, and says why; `undefined` where all are there, or a run works on it. */
  async refuseWithoutFiles(delivery: QueuedDelivery): Promise<FilesMissingError | undefined> {
    const { id, source, manifest } = delivery
    const file = manifest === null ? undefined : await missingFile(this.folderOf(id), manifest)
    if (file === undefined) return undefined
    const error = new FilesMissingError(source, id, file)
    return (await this.refuse(delivery, error)) ? error : undefined
  }

  /** Gives up deliveries that were announced and of which nothing was heard for so long; returns how many. */
  async expire(milliseconds: number): Promise<number> {
    const arriving = await this.#database.session(arrivingDeliveries)
    const silent = this.#silence.longerThan(milliseconds, arriving)
    if (silent.length === 0) return 0
    const expired = await this.#database.transaction(async (session) => {
      const forgotten = await stillForgotten(session, silent)
      for (const delivery of forgotten) {
        const error = new DeliveryExpiredError(delivery.announcedAt)
        await moveDelivery(session, delivery.id, 'expired', error.message)
        await recordRefusal(session, originOf(delivery), error, this.#onClosed)
      }
      // After all of them: one that is forgotten like what it builds on ends for its own reason.
      for (const { id } of forgotten) await refuseStandingOn(session, id, this.#onClosed)
      return forgotten
    })
    for (const { id } of expired) await this.discard(id)
    return expired.length
  }

  async status(deliveryId: string): Promise<DeliveryStatus | undefined> {
    const delivery = await this.#database.session((session) => findDelivery(session, deliveryId))
    return delivery === undefined ? undefined : statusOf(delivery)
  }

  async exportFailed(source: string, failure: ExportFailure): Promise<void> {
    await this.#exportFailed(source, failure, unnamed)
  }

  /** Nothing is announced, so that no delivery tells of it: a failed run does. */
  async #exportFailed(source: string, failure: ExportFailure, by: RunBy): Promise<void> {
    if (!this.#configuration.sources.has(source)) throw new UnknownDeliverySourceError(source)
    const origin = { cause: 'delivery', by, delivery: null, source, mode: null } as const
    await this.#database.transaction(async (session) => {
      await recordRefusal(session, origin, failure, this.#onClosed)
    })
  }

  /** Refuses to mix with a server that takes deliveries into another folder: each would miss the other's files. */
  async checkPlace(): Promise<void> {
    await this.#database.session((session) => refuseElsewhere(session, this.#folder))
  }

  /** Removes the files of a delivery that is over. */
  async discard(deliveryId: string): Promise<void> {
    this.#open.delete(deliveryId)
    await rm(this.folderOf(deliveryId), { recursive: true, force: true })
  }

  /** Removes what deliveries left behind that are over, or whose process died while it uploaded. */
  async sweep(): Promise<void> {
    for (const deliveryId of await readdir(this.#folder).catch(() => [])) {
      // Anything else in the folder is not ours to remove.
      if (!z.uuid().safeParse(deliveryId).success) continue
      const delivery = await this.status(deliveryId)
      const open = delivery !== undefined && deliveryLife.isOpen(delivery.state)
      if (!open) await this.discard(deliveryId)
    }
  }

  #opened(deliveryId: string): OpenDelivery {
    const existing = this.#open.get(deliveryId)
    if (existing !== undefined) return existing
    const files = new DeliveryFiles(deliveryId, this.folderOf(deliveryId))
    const open: OpenDelivery = { files, touchedAt: Number.NEGATIVE_INFINITY, linked: new Set() }
    this.#open.set(deliveryId, open)
    return open
  }

  /** Keeps a delivery from expiring; `false` when it is over. */
  async #touch({ id, by }: QueuedDelivery, open: OpenDelivery): Promise<boolean> {
    const now = performance.now()
    if (now - open.touchedAt < touchEvery) return true
    open.touchedAt = now
    await this.#quota.requireRoom(by)
    return await this.#database.session((session) => touchDelivery(session, id))
  }

  async #find(deliveryId: string): Promise<QueuedDelivery> {
    const delivery = await this.#database.session((session) => findDelivery(session, deliveryId))
    if (delivery === undefined) throw new DeliveryNotOpenError(deliveryId, undefined)
    return delivery
  }

  async #status(deliveryId: string): Promise<DeliveryStatus> {
    return statusOf(await this.#find(deliveryId))
  }
}

function decidedBy(what: string, { by, reason }: DeliveryDecision): string {
  return `${what} by ${by}${reason === undefined ? '' : `: ${reason}`}`
}

function statusOf({ id, source, mode, state, reason, run }: QueuedDelivery): DeliveryStatus {
  return { id, source, mode, state, reason, run }
}

/** Incrementals that wait, every held run, and what was put aside: the complete asserts all of it again. */
async function overtake(session: Session, id: string): Promise<readonly QueuedDelivery[]> {
  const all = await overtakenBy(session, id)
  for (const overtaken of all) await overtakeDelivery(session, overtaken, id)
  return all
}

function refuseContradiction(known: QueuedDelivery | undefined, announced: Announcement): void {
  if (known === undefined) return
  const base = announced.base ?? null
  if (known.source !== announced.source)
    throw new AnnouncementDiffersError(announced.id, 'source', known.source, announced.source)
  if (known.mode !== announced.mode)
    throw new AnnouncementDiffersError(announced.id, 'mode', known.mode, announced.mode)
  if (known.base !== base) throw new AnnouncementDiffersError(announced.id, 'base', known.base, base)
}

/** Bytes of a file as they were announced, or sealed. */
function announcedSize({ declared, manifest }: QueuedDelivery, file: string): number | undefined {
  const known = [...(declared ?? []), ...(manifest === null ? [] : filesOf(manifest))]
  return known.findLast(({ name }) => name === file)?.size
}
