/**
 * Decides how a source is delivered this time, and says why when that is not what was asked for.
 *
 * Agent and engine must agree on an incremental: the agent has the files of the last delivery, unharmed,
 * and the engine has applied exactly that one. Where they do not, `auto` runs a complete, which needs
 * neither.
 *
 * @module
 */
import { join } from 'node:path'
import { findReference, settleReference } from '@sluice/agent'
import type { Engine } from '@sluice/engine'
import type { Configuration, DeliveryMode, Mode, Source } from '@sluice/model'
import type { Repository } from '@sluice/repository'
import { SourceHeldError } from './project-errors.ts'

export interface ModeContext {
  readonly configuration: Configuration
  readonly engine: Engine
  readonly repository: Repository
}

export interface Decision {
  readonly mode: DeliveryMode
  /** Of an incremental: the delivery that the agent's reference stands for. */
  readonly base?: string | undefined
  /** Why it is not the mode that the source asks for. */
  readonly notes: readonly string[]
}

/** Folder of what the agent remembers of a source. */
export function stateFolder({ workFolder }: Configuration, source: string): string {
  return join(workFolder, 'state', source)
}

/** The mode asked for, by the call or else by the source. A source's `incremental` means: where it is possible. */
export function askedMode(source: Source, mode: Mode | undefined): Mode {
  return mode ?? (source.mode === 'incremental' ? 'auto' : source.mode)
}

/** An incremental is asked for, whether or not it is possible. */
export function wantsIncremental(source: Source, mode: Mode | undefined): boolean {
  const asked = askedMode(source, mode)
  return asked === 'incremental' || (asked === 'auto' && source.mode === 'incremental')
}

/** Throws `SourceHeldError` for an incremental while a run of the source is held, unless told otherwise. */
export async function decideMode(
  context: ModeContext,
  source: Source,
  options: { readonly mode?: Mode | undefined; readonly evenIfHeld?: boolean | undefined },
): Promise<Decision> {
  const { engine, configuration } = context
  const asked = askedMode(source, options.mode)
  if (!wantsIncremental(source, options.mode)) {
    // A complete of nothing is an initial with its thresholds on.
    return { mode: asked === 'auto' ? 'complete' : asked, notes: [] }
  }
  if (options.evenIfHeld !== true) await refuseWhileHeld(context, source)
  const state = stateFolder(configuration, source.name)
  await settleReference(state, engine.inbox)
  const found = await findReference(state, source, configuration.model)
  const base = found.reference?.delivery
  // Asked for by name it is tried: preparing it says in full what is wrong.
  if (asked === 'incremental') return { mode: asked, base, notes: [] }
  if (found.kind === 'broken') return completeBecause(found.error.message)
  const { lastDelivery } = await engine.inbox.chain(source.name)
  if (base !== undefined && base === lastDelivery) {
    return { mode: 'incremental', base, notes: [] }
  }
  return completeBecause(`The repository does not hold what delivery ${base} brought last.`)
}

/** A complete in place of the incremental that the source asks for. */
export function completeBecause(reason: string): Decision {
  return { mode: 'complete', notes: [`Run as a complete in place of an incremental. ${reason}`] }
}

async function refuseWhileHeld({ repository }: ModeContext, { name }: Source): Promise<void> {
  // Nothing runs behind a held run, so it is the last one.
  const [last] = await repository.runs({ source: name, limit: 1 })
  if (last?.state === 'held') throw new SourceHeldError(name, last.run)
}
