/**
 * Applies a plan that was shown before, or refuses to: a sync with a look before it, and terms on it.
 *
 * @module
 */
import type { SendOptions } from '@sluice/agent'
import type { RunReport, RunTerms } from '@sluice/model'
import { BrokenReferenceError } from '@sluice/prepare'
import type {
  ApplyPlanOptions,
  CallOptions,
  PlanOptions,
  SourceOptions,
  SourcePlan,
  SyncOptions,
} from './options.ts'
import { IncrementalRefusedError, PlanOutdatedError } from './project-errors.ts'
import { deliveredNow, movedInRepository, movedInSource, type SavedPlan } from './saved-plan.ts'

export interface SendingOptions extends SyncOptions {
  /** Applies exactly this, or nothing. */
  readonly planned?: SavedPlan | undefined
}

interface PlannedAndSynchronized {
  plan(source: string, options?: PlanOptions): Promise<SourcePlan>
  sync(source: string, options?: SendingOptions): Promise<RunReport>
}

/** Throws `PlanOutdatedError` before anything is delivered. */
export async function applyPlan(
  project: PlannedAndSynchronized,
  planned: SavedPlan,
  { fresh, ...options }: ApplyPlanOptions,
): Promise<RunReport> {
  const { source, madeAt } = planned
  if (fresh !== true) {
    const moved = await movedSince(project, planned, options)
    if (moved.length > 0) throw new PlanOutdatedError(source, madeAt, moved)
  }
  return await project.sync(source, { ...options, ...askedBy(planned), planned })
}

async function movedSince(
  project: PlannedAndSynchronized,
  planned: SavedPlan,
  options: CallOptions,
): Promise<readonly string[]> {
  try {
    const { saved } = await project.plan(planned.source, { ...options, ...askedBy(planned), saved: true })
    if (saved === undefined) throw new Error(`A plan of ${planned.source} has no sum.`)
    const inSource = movedInSource(planned, saved)
    return inSource.length > 0 ? inSource : movedInRepository(planned, saved)
  } catch (error) {
    // What an incremental was planned on is gone.
    if (error instanceof BrokenReferenceError || error instanceof IncrementalRefusedError)
      return [error.message]
    throw error
  }
}

/** As it was asked for when it was planned. */
function askedBy({ mode, folder }: SavedPlan): Pick<SourceOptions, 'mode' | 'folder'> {
  return { mode: mode ?? undefined, folder: folder ?? undefined }
}

/** What the agent is asked to send, with what shall become of it. */
export function sendOptions(source: string, { hold, planned, ...options }: SendingOptions): SendOptions {
  const terms = termsOf({ hold, planned })
  if (terms === undefined) return options
  if (planned === undefined) return { ...options, amend: (manifest) => ({ ...manifest, terms }) }
  return {
    ...options,
    exportedBefore: true,
    amend: (manifest, { mode, base }) => {
      const moved = movedInSource(planned, deliveredNow({ mode, base, manifest }))
      if (moved.length > 0) throw new PlanOutdatedError(source, planned.madeAt, moved)
      return { ...manifest, terms }
    },
  }
}

export interface TermsOption {
  readonly terms?: RunTerms | undefined
}

/** What is wanted of the run. */
export function termsOf({ hold, planned }: Pick<SendingOptions, 'hold' | 'planned'>): RunTerms | undefined {
  if (planned !== undefined) return { kind: 'as planned', sum: planned.sum }
  return hold === true ? { kind: 'hold' } : undefined
}
