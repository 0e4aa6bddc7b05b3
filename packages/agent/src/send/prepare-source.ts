/**
 * Prepares what an export has left, compared with what the server acknowledged last.
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
import { previousFolder, readReference } from '../reference/reference.ts'

export interface PrepareSourceRequest extends Omit<PrepareRequest, 'exported' | 'reference'> {
  /** The files of the source's folder where it is left out. */
  readonly exported?: Exported | undefined
  /** The source's folder of state; an incremental needs it. */
  readonly state?: string | undefined
}

export async function prepareSource({
  exported,
  state,
  ...request
}: PrepareSourceRequest): Promise<Prepared> {
  const { source, mode } = request
  request.signal?.throwIfAborted()
  const reference = state === undefined ? undefined : await referenceFor(mode, source.name, state)
  const found = exported ?? { tables: await locateTables(source) }
  return prepare({ ...request, reference, exported: found })
}

/** A complete needs no reference, so a broken one does not matter to it. */
async function referenceFor(
  mode: DeliveryMode,
  source: string,
  state: string,
): Promise<Reference | undefined> {
  try {
    const reference = await readReference(state)
    if (reference !== undefined || mode !== 'incremental') return reference
    throw new MissingReferenceError(source, previousFolder(state))
  } catch (error) {
    if (mode !== 'incremental' && error instanceof BrokenReferenceError) return undefined
    throw error
  }
}
