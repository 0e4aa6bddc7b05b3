/**
 * Lets whoever is notified of a source know that its export failed: nothing is announced then, and no run would tell of it.
 *
 * @module
 */
import { asFileFailure } from '@sluice/files'
import { SluiceError, type Source } from '@sluice/model'
import { BrokenReferenceError } from '@sluice/prepare'
import type { ExportFailure } from '@sluice/protocol'
import type { AgentContext, Decision } from './agent-context.ts'

/** Throws what `work` throws, whether or not that could be said. */
export async function reportingFailure<T>(
  { inbox, briefInbox = inbox }: AgentContext,
  source: Pick<Source, 'name'>,
  { decision, signal }: { readonly decision: Decision; readonly signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // A complete takes its place at once.
    const goesOn = error instanceof BrokenReferenceError && decision.auto
    if (!goesOn && signal?.aborted !== true) {
      // A server that is away, or too old to know of this, changes nothing of what is wrong here.
      await briefInbox.exportFailed(source.name, failureOf(error)).catch(() => undefined)
    }
    throw error
  }
}

function failureOf(thrown: unknown): ExportFailure {
  const error = asFileFailure(thrown)
  if (error instanceof SluiceError) {
    const { code, message, remedy } = error
    return { code, message, remedy }
  }
  return { code: 'SLUICE-DEFECT', message: error instanceof Error ? error.message : String(error) }
}
