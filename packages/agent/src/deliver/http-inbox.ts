/**
 * The inbox of a server, over HTTP: each call is one request, or as many as it takes until it got through.
 *
 * Every call may be repeated without harm, which is why a broken connection is simply tried again.
 *
 * @module
 */
import { cutText } from '@sluice/model'
import {
  type Announcement,
  type DeliveryStatus,
  type ExportFailure,
  type Inbox,
  isNothingThere,
  type Manifest,
  routes,
  type SourceChain,
  type UploadedFile,
} from '@sluice/protocol'
import type { ServerLink } from './server-link.ts'
import { deliveryAt, type UploadSettings, uploadFile } from './upload-file.ts'
import { withRetry } from './with-retry.ts'

export class HttpInbox implements Inbox {
  readonly #link: ServerLink
  readonly #settings: UploadSettings

  constructor(link: ServerLink, settings: UploadSettings) {
    this.#link = link
    this.#settings = settings
  }

  async chain(source: string): Promise<SourceChain> {
    const found = await this.#withRetry((signal) =>
      this.#link.client.call(routes.source, { params: { source }, signal }),
    )
    const { appliedDelivery, lastDelivery, heldRun, asideDelivery, suspension, holdsResources } = found
    return { appliedDelivery, lastDelivery, heldRun, asideDelivery, suspension, holdsResources }
  }

  announce({ id, ...body }: Announcement): Promise<DeliveryStatus> {
    return this.#withRetry((signal) =>
      this.#link.client.call(routes.announce, { params: { delivery: id }, body, signal }),
    )
  }

  upload(deliveryId: string, file: UploadedFile): Promise<void> {
    return uploadFile(deliveryAt(this.#link, deliveryId), file, this.#settings)
  }

  seal(deliveryId: string, manifest: Manifest): Promise<DeliveryStatus> {
    return this.#withRetry((signal) =>
      this.#link.client.call(routes.seal, { params: { delivery: deliveryId }, body: manifest, signal }),
    )
  }

  giveUp(deliveryId: string, state: 'cancelled' | 'refused', reason: string): Promise<DeliveryStatus> {
    const body = { state, reason: cutText(reason, 10_000) }
    return this.#withRetry((signal) =>
      this.#link.client.call(routes.giveUp, { params: { delivery: deliveryId }, body, signal }),
    )
  }

  async status(deliveryId: string): Promise<DeliveryStatus | undefined> {
    try {
      return await this.#withRetry((signal) =>
        this.#link.client.call(routes.delivery, { params: { delivery: deliveryId }, signal }),
      )
    } catch (error) {
      if (isNothingThere(error)) return undefined
      throw error
    }
  }

  async exportFailed(source: string, failure: ExportFailure): Promise<void> {
    const { code, message, remedy } = failure
    const body = { code, message: cutText(message, 10_000), remedy: remedy && cutText(remedy, 10_000) }
    await this.#withRetry((signal) =>
      this.#link.client.call(routes.exportFailed, { params: { source }, body, signal }),
    )
  }

  #withRetry<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withRetry(work, this.#settings)
  }
}
