/**
 * Hands a prepared delivery over: every file, then the seal.
 *
 * Each step may be repeated, so a delivery that failed half way is simply delivered again. Only when the
 * server has acknowledged it does the reference of the source move forward; whatever happens in between,
 * the next incremental holds all changes that the server does not have.
 *
 * @module
 */
import { join } from 'node:path'
import { isAcknowledged, type OnProgress, SluiceError } from '@sluice/model'
import type { ReferenceCandidate } from '@sluice/prepare'
import type { DeliveryStatus, Inbox, Manifest } from '@sluice/protocol'
import { carriedFiles, verifyOutbox } from '../outbox/verify-outbox.ts'
import { commitReference, dropNext, settleReference, stageReference } from '../reference/move-reference.ts'

export interface DeliverRequest {
  readonly inbox: Inbox
  /** Announced before. */
  readonly deliveryId: string
  readonly prepared: {
    readonly folder: string
    readonly manifest: Manifest
    readonly references: readonly ReferenceCandidate[]
    /** Why they are not what is delivered, where files were changed by hand. */
    readonly outdated?: string | undefined
  }
  /** The source's folder of state; without one nothing is remembered, and no incremental can follow. */
  readonly state?: string | undefined
  /** Folder of the export's cookies, which move together with the reference. */
  readonly cookies?: string | undefined
  /** Named in progress. */
  readonly source?: string | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** Uploads the files of the manifest and seals the delivery. One that is over already is left alone. */
export async function deliver(request: DeliverRequest): Promise<DeliveryStatus> {
  const { inbox, deliveryId, prepared, state } = request
  if (state !== undefined) await settleReference(state, inbox)
  const before = await inbox.status(deliveryId)
  if (before !== undefined && before.state !== 'announced') return before

  await upload(request)
  if (state === undefined) return seal(request)
  await stageReference(state, deliveryId, { ...prepared, cookies: request.cookies })
  const sealed = await seal(request)
  if (isAcknowledged(sealed.state)) await commitReference(state)
  else await dropNext(state)
  return sealed
}

/** The code of the error by which an inbox says that a file is not the one that was declared. */
const damaged = 'SLUICE-RECEIVE-03'

/** A file that was damaged on its way is sent once more; one that is damaged here is named. */
async function seal(request: DeliverRequest): Promise<DeliveryStatus> {
  const { inbox, deliveryId, prepared } = request
  try {
    return await inbox.seal(deliveryId, prepared.manifest)
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== damaged) throw error
    await verifyOutbox(prepared.folder, prepared.manifest, request.source)
    await upload(request)
    return await inbox.seal(deliveryId, prepared.manifest)
  }
}

async function upload({ inbox, deliveryId, prepared, signal, ...request }: DeliverRequest): Promise<void> {
  const all = carriedFiles(prepared.manifest)
  const totalBytes = all.reduce((sum, { size }) => sum + size, 0)
  let bytes = 0
  for (const { name, size, sha256 } of all) {
    signal?.throwIfAborted()
    const report = (sent: number) =>
      request.onProgress?.({
        stage: 'deliver',
        source: request.source ?? '',
        subject: name,
        bytes: before + sent,
        totalBytes,
      })
    const before = bytes
    report(0)
    const path = join(prepared.folder, name)
    await inbox.upload(deliveryId, { name, size, sha256, path, onBytes: report, signal })
    bytes += size
  }
}
