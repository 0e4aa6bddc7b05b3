/**
 * Hands a prepared delivery over: every file, then the seal.
 *
 * Each step may be repeated, so a delivery that failed half way is simply delivered again.
 *
 * @module
 */
import { join } from 'node:path'
import type { OnProgress } from '@sluice/model'
import type { DeliveryStatus, Inbox, Manifest } from '@sluice/protocol'

export interface DeliverRequest {
  readonly inbox: Inbox
  /** Announced before. */
  readonly deliveryId: string
  readonly prepared: { readonly folder: string; readonly manifest: Manifest }
  /** Named in progress. */
  readonly source?: string | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** Uploads the files of the manifest and seals the delivery. */
export async function deliver(request: DeliverRequest): Promise<DeliveryStatus> {
  const { inbox, deliveryId, prepared, signal } = request
  const { files, rejections } = prepared.manifest
  const all = rejections === undefined ? files : [...files, rejections]
  const totalBytes = all.reduce((sum, { size }) => sum + size, 0)
  let bytes = 0
  for (const { name, size } of all) {
    signal?.throwIfAborted()
    request.onProgress?.({ stage: 'deliver', source: request.source ?? '', subject: name, bytes, totalBytes })
    await inbox.upload(deliveryId, { name, path: join(prepared.folder, name) })
    bytes += size
  }
  return inbox.seal(deliveryId, prepared.manifest)
}
