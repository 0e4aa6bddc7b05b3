/**
 * The reference as it will be when everything under way is acknowledged: what the next delivery is compared with.
 *
 * It is no copy. Each file of it lies where it waits: with the delivery that brings it, or, where those brought only
 * commands, in the reference of now.
 *
 * @module
 */
import { join, relative } from 'node:path'
import type { EntityModel, Source } from '@sluice/model'
import { BrokenReferenceError, type Reference } from '@sluice/prepare'
import { outboxCookies } from '../outbox/outbox.ts'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import {
  acknowledgedCookies,
  judgeReference,
  type ReferenceFound,
  readReference,
} from '../reference/reference.ts'

/** @param ahead What will be delivered before, in order: all or the first of the queue of an outbox. */
export async function referenceUnderWay(
  state: string,
  ahead: readonly QueuedDelivery[],
): Promise<Reference | undefined> {
  const last = ahead.at(-1)
  if (last === undefined) return readReference(state)
  const whole = ahead.some(({ delivery }) => delivery.mode !== 'incremental')
  // Nothing of the reference of now outlasts a complete, so a broken one does no harm.
  const now = whole ? undefined : await readReference(state)
  let outdated = now?.outdated
  let files = (now?.files ?? []).map((file) => ({ ...file, name: join(now?.folder ?? '', file.name) }))
  for (const { folder, delivery } of ahead) {
    const { id, manifest, references } = delivery
    const brought = references.map((one) => ({ ...one, name: join(folder, one.name), delivery: id }))
    const carried = new Set(manifest.files.map(({ mapping }) => mapping))
    const renewed = new Set(references.map(({ mapping }) => mapping))
    const kept = files.filter(({ mapping }) => carried.has(mapping) && !renewed.has(mapping))
    files = [...brought, ...kept]
    if (delivery.mode !== 'incremental') outdated = undefined
    outdated = delivery.outdated ?? outdated
  }
  return {
    source: last.delivery.source,
    folder: last.folder,
    delivery: last.delivery.id,
    files: files.map((file) => ({ ...file, name: relative(last.folder, file.name) })),
    ...(outdated === undefined ? {} : { outdated }),
  }
}

/** Folder of the cookies that the next export is given: those of the last delivery under way that has some. */
export function cookiesUnderWay(state: string, ahead: readonly QueuedDelivery[]): string {
  const last = ahead.findLast(({ delivery }) => delivery.cookies)
  return last === undefined ? acknowledgedCookies(state) : outboxCookies(last.folder)
}

/** Looks for what an incremental of the source would build on. */
export async function findReference(
  state: string,
  source: Source,
  model: EntityModel,
  ahead: readonly QueuedDelivery[] = [],
): Promise<ReferenceFound> {
  try {
    return await judgeReference(await referenceUnderWay(state, ahead), state, source, model)
  } catch (error) {
    if (error instanceof BrokenReferenceError) return { kind: 'broken', error, reference: undefined }
    throw error
  }
}
