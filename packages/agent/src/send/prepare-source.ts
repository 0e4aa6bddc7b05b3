/**
 * Prepares what an export has left, compared with what the server acknowledged last, or with what it will have when all
 * that is under way has arrived.
 *
 * @module
 */
import { type Exported, locateTables } from '@sluice/connectors'
import type { DeliveryMode } from '@sluice/model'
import {
  BrokenReferenceError,
  MissingReferenceError,
  type Prepared,
  type PrepareRequest,
  prepare,
  type Reference,
} from '@sluice/prepare'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import { previousFolder } from '../reference/reference.ts'
import { referenceUnderWay } from './reference-under-way.ts'

export interface PrepareSourceRequest extends Omit<PrepareRequest, 'exported' | 'reference'> {
  /** The files of the source's folder where it is left out. */
  readonly exported?: Exported | undefined
  /** The source's folder of state; an incremental needs it. */
  readonly state?: string | undefined
  /** What will be delivered before it. */
  readonly ahead?: readonly QueuedDelivery[] | undefined
}

export async function prepareSource({
  exported,
  state,
  ahead = [],
  ...request
}: PrepareSourceRequest): Promise<Prepared> {
  const { source, mode } = request
  request.signal?.throwIfAborted()
  const reference = state === undefined ? undefined : await referenceFor(mode, source.name, state, ahead)
  const found = exported ?? { tables: await locateTables(source) }
  return prepare({ ...request, reference, exported: found })
}

/** A complete needs no reference, so a broken one does not matter to it. */
async function referenceFor(
  mode: DeliveryMode,
  source: string,
  state: string,
  ahead: readonly QueuedDelivery[],
): Promise<Reference | undefined> {
  try {
    const reference = await referenceUnderWay(state, ahead)
    if (reference !== undefined || mode !== 'incremental') return reference
    throw new MissingReferenceError(source, previousFolder(state))
  } catch (error) {
    if (mode !== 'incremental' && error instanceof BrokenReferenceError) return undefined
    throw error
  }
}
