/**
 * Has a server say what prepared files would change: they are brought there, compared, and forgotten.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DeliveryMode, OnProgress } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { routes } from '@sluice/protocol'
import { carriedFiles } from '../outbox/verify-outbox.ts'
import type { ServerLink } from './server-link.ts'
import { type UploadPlace, type UploadSettings, uploadFile } from './upload-file.ts'

export interface PlanAtServer {
  readonly source: string
  readonly mode: DeliveryMode
  readonly prepared: Pick<Prepared, 'folder' | 'manifest'>
  readonly sample?: number | undefined
  readonly summed?: boolean | undefined
  readonly onProgress?: OnProgress | undefined
}

/** What it answered: as `planDelivery` of the API. */
export async function planAtServer(link: ServerLink, request: PlanAtServer, settings: UploadSettings) {
  const { source, mode, prepared, sample, summed, onProgress } = request
  const { signal } = settings
  const plan = randomUUID()
  const place = planAt(link, source, plan)
  const { manifest } = prepared
  const all = carriedFiles(manifest)
  const totalBytes = all.reduce((sum, { size }) => sum + size, 0)
  let before = 0
  for (const file of all) {
    signal?.throwIfAborted()
    const at = before
    const onBytes = (bytes: number) =>
      onProgress?.({ stage: 'deliver', source, subject: file.name, bytes: at + bytes, totalBytes })
    await uploadFile(place, { ...file, path: join(prepared.folder, file.name), onBytes, signal }, settings)
    before += file.size
  }
  onProgress?.({ stage: 'receive', source, subject: 'waiting for the plan of the server' })
  // Asked once: the files are gone when it was answered.
  const body = { mode, manifest, sample, summed }
  return await link.client.call(routes.planDelivery, { params: { source, plan }, body, signal })
}

function planAt(link: ServerLink, source: string, plan: string): UploadPlace {
  return {
    link,
    received: async (file, signal) =>
      (await link.client.call(routes.receivedPlanFile, { params: { source, plan, file }, signal })).size,
    append: async (file, offset, sent) =>
      (await link.send(routes.appendPlanFile, { params: { source, plan, file }, query: { offset } }, sent))
        .size,
  }
}
