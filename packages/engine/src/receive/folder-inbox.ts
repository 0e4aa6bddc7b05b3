/**
 * The inbox: takes deliveries in, on disk and in the queue.
 *
 * In process the agent calls it directly; over HTTP the same calls will come as requests. Every step
 * may be repeated, and what was applied is never applied twice.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Configuration } from '@sluice/model'
import {
  type Announcement,
  type DeliveryStatus,
  type Inbox,
  type Manifest,
  manifestSchema,
  type SourceChain,
  type UploadedFile,
} from '@sluice/protocol'
import type { Database } from '@sluice/repository'
import { z } from 'zod'
import { cancelHeldRun } from '../held-runs.ts'
import { DamagedDeliveryError, DeliveryNotOpenError, UnknownDeliverySourceError } from './errors.ts'
import { findDelivery, insertDelivery, moveDelivery, overtakenBy, sealDelivery } from './queue.ts'
import { readChain } from './read-chain.ts'

export class FolderInbox implements Inbox {
  readonly #database: Database
  readonly #configuration: Configuration
  readonly #folder: string

  constructor(database: Database, configuration: Configuration, folder: string) {
    this.#database = database
    this.#configuration = configuration
    this.#folder = folder
  }

  /** Folder of one delivery's files. */
  folderOf(deliveryId: string): string {
    return join(this.#folder, deliveryId)
  }

  async chain(source: string): Promise<SourceChain> {
    return await this.#database.session((session) => readChain(session, this.#configuration, source))
  }

  async announce(announcement: Announcement): Promise<DeliveryStatus> {
    const { id, source, mode, base } = announcement
    if (!this.#configuration.sources.has(source)) throw new UnknownDeliverySourceError(source)
    await this.#database.transaction(async (session) => {
      const isNew = await insertDelivery(session, { id, source, mode, base })
      if (!isNew || mode !== 'complete') return
      for (const overtaken of await overtakenBy(session, id)) {
        const reason = `Overtaken by complete delivery ${id}.`
        if (overtaken.run !== null && overtaken.state === 'held') await cancelHeldRun(session, overtaken.run)
        await moveDelivery(session, overtaken.id, [overtaken.state], 'cancelled', reason)
      }
    })
    return await this.#status(id)
  }

  async upload(deliveryId: string, file: UploadedFile): Promise<void> {
    const status = await this.status(deliveryId)
    // A late repetition of a delivery that is over is no mistake; there is just nothing to do.
    if (status !== undefined && status.state !== 'announced') return
    if (status === undefined) throw new DeliveryNotOpenError(deliveryId, undefined)
    const folder = this.folderOf(deliveryId)
    await mkdir(folder, { recursive: true })
    const target = join(folder, basename(file.name))
    await rm(target, { force: true })
    // A link costs nothing; across file systems it has to be a copy.
    await link(file.path, target).catch(() => copyFile(file.path, target))
  }

  async seal(deliveryId: string, manifest: Manifest): Promise<DeliveryStatus> {
    const status = await this.#status(deliveryId)
    if (status.state !== 'announced') return status
    const checked = manifestSchema.parse(manifest)
    for (const file of [
      ...checked.files,
      ...(checked.rejections === undefined ? [] : [checked.rejections]),
    ]) {
      await verify(deliveryId, join(this.folderOf(deliveryId), file.name), file)
    }
    await this.#database.transaction((session) => sealDelivery(session, deliveryId, checked))
    return await this.#status(deliveryId)
  }

  async giveUp(deliveryId: string, state: 'cancelled' | 'refused', reason: string): Promise<DeliveryStatus> {
    const moved = await this.#database.transaction((session) =>
      moveDelivery(session, deliveryId, ['announced', 'ready'], state, reason),
    )
    // The files of a held run are needed when it has to be computed again.
    if (moved) await this.discard(deliveryId)
    return await this.#status(deliveryId)
  }

  async status(deliveryId: string): Promise<DeliveryStatus | undefined> {
    const delivery = await this.#database.session((session) => findDelivery(session, deliveryId))
    if (delivery === undefined) return undefined
    const { id, source, mode, state, reason, run } = delivery
    return { id, source, mode, state, reason, run }
  }

  /** Removes the files of a delivery that is over. */
  async discard(deliveryId: string): Promise<void> {
    await rm(this.folderOf(deliveryId), { recursive: true, force: true })
  }

  /** Removes what deliveries left behind that are over, or whose process died while it uploaded. */
  async sweep(): Promise<void> {
    for (const deliveryId of await readdir(this.#folder).catch(() => [])) {
      // Anything else in the folder is not ours to remove.
      if (!z.uuid().safeParse(deliveryId).success) continue
      const delivery = await this.status(deliveryId)
      const open = delivery !== undefined && ['announced', 'ready', 'held'].includes(delivery.state)
      if (!open) await this.discard(deliveryId)
    }
  }

  async #status(deliveryId: string): Promise<DeliveryStatus> {
    const status = await this.status(deliveryId)
    if (status === undefined) throw new DeliveryNotOpenError(deliveryId, undefined)
    return status
  }
}

async function verify(
  deliveryId: string,
  path: string,
  expected: { readonly name: string; readonly size: number; readonly sha256: string },
): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new DamagedDeliveryError(deliveryId, expected.name, 'it is missing')
  if (found.size !== expected.size) {
    throw new DamagedDeliveryError(
      deliveryId,
      expected.name,
      `${found.size} bytes instead of ${expected.size}`,
    )
  }
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  if (hash.digest('hex') !== expected.sha256) {
    throw new DamagedDeliveryError(deliveryId, expected.name, 'its checksum differs')
  }
}
