/**
 * Decides how a source is delivered this time, and says why when that is not what was asked for.
 *
 * Agent and engine must agree on an incremental: the agent has the files of the last delivery, unharmed,
 * and the engine has applied exactly that one. Where they do not, `auto` runs a complete, which needs
 * neither. When the server cannot be asked, the agent goes by what it knows; the server looks again.
 *
 * @module
 */
import type { Mode, Source } from '@sluice/model'
import { MissingReferenceError } from '@sluice/prepare'
import type { SourceChain } from '@sluice/protocol'
import { SourceHeldError } from '../deliver/deliver-errors.ts'
import { mayPass } from '../deliver/patiently.ts'
import { settleReference } from '../reference/move-reference.ts'
import { findReference, type ReferenceFound, stateFolder } from '../reference/reference.ts'
import type { AgentContext, Decision } from './agent-context.ts'
import { SourceNotEmptyError } from './send-errors.ts'

/** The mode asked for, by the call or else by the source. A source's `incremental` means: where it is possible. */
function askedMode(source: Source, mode: Mode | undefined): Mode {
  return mode ?? (source.mode === 'incremental' ? 'auto' : source.mode)
}

/** An incremental is asked for, whether or not it is possible. */
export function wantsIncremental(source: Source, mode: Mode | undefined): boolean {
  const asked = askedMode(source, mode)
  return asked === 'incremental' || (asked === 'auto' && source.mode === 'incremental')
}

export interface DecideOptions {
  readonly mode?: Mode | undefined
  /** For a plan: where a run is held, what a complete would do. */
  readonly evenIfHeld?: boolean | undefined
}

/**
 * Throws `SourceHeldError` for an incremental while a run of the source is held, `SourceNotEmptyError` for an initial
 * of a source that holds resources.
 */
export async function decideMode(
  context: AgentContext,
  source: Source,
  options: DecideOptions,
): Promise<Decision> {
  const asked = askedMode(source, options.mode)
  if (!wantsIncremental(source, options.mode)) {
    const mode = asked === 'auto' ? 'complete' : asked
    if (mode === 'initial' && (await chainOf(context, source))?.holdsResources === true)
      throw new SourceNotEmptyError(source.name)
    // A complete of nothing is an initial with its thresholds on.
    return { mode, auto: false, notes: [] }
  }
  const chain = await chainOf(context, source)
  const auto = asked === 'auto'
  const held = chain?.heldRun ?? null
  if (held !== null && !(auto && options.evenIfHeld === true)) throw new SourceHeldError(source.name, held)
  const state = stateFolder(context.configuration, source.name)
  if (chain !== undefined) await settleReference(state, context.inbox)
  const found = await findReference(state, source, context.configuration.model)
  const base = found.reference?.delivery
  // Asked for by name it is tried: preparing it says in full what is wrong.
  if (!auto) return { mode: 'incremental', base, auto, notes: [] }
  const reason = held === null ? whyNot(found, chain) : `Run ${held} is held, so nothing can build on it.`
  return reason === undefined ? { mode: 'incremental', base, auto, notes: [] } : completeBecause(reason)
}

/** A complete in place of the incremental that the source asks for. */
export function completeBecause(reason: string): Decision {
  const notes =
    reason === firstDelivery ? [reason] : [`Run as a complete in place of an incremental. ${reason}`]
  return { mode: 'complete', auto: false, notes }
}

const firstDelivery =
  'The first delivery of a source is a complete; from now on only what changes is delivered.'

const unknownRows = 'The repository may hold rows that this agent does not know of.'

function whyNot(found: ReferenceFound, chain: SourceChain | undefined): string | undefined {
  if (found.kind === 'broken') {
    const first = found.error instanceof MissingReferenceError && found.reference === undefined
    const nothing = chain !== undefined && chain.lastDelivery === null && !chain.holdsResources
    return first && nothing ? firstDelivery : found.error.message
  }
  const { delivery } = found.reference
  if (chain === undefined || chain.lastDelivery === delivery) return undefined
  if (chain.lastDelivery === null && chain.holdsResources) return unknownRows
  return `The repository does not hold what delivery ${delivery} brought last.`
}

/** `undefined`: the server cannot be reached now. */
async function chainOf(
  { inbox, hasty = inbox }: AgentContext,
  { name }: Source,
): Promise<SourceChain | undefined> {
  try {
    return await hasty.chain(name)
  } catch (error) {
    if (mayPass(error)) return undefined
    throw error
  }
}
