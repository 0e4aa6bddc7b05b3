/**
 * Decides how a source is delivered this time, and says why when that is not what was asked for.
 *
 * Agent and engine must agree on an incremental: the agent has the files of the last delivery, unharmed,
 * and the engine has applied exactly that one. Where they do not, `auto` runs a complete, which needs
 * neither. When the server cannot be asked, the agent goes by what it knows; the server looks again. What waits in the
 * outbox counts as delivered: the next delivery stands on the last of it.
 *
 * @module
 */
import { whyNoChanges } from '@sluice/connectors'
import { type Mode, mappedTables, type Source } from '@sluice/model'
import { MissingReferenceError } from '@sluice/prepare'
import type { SourceChain } from '@sluice/protocol'
import { DeliveryPutAsideError, SourceHeldError } from '../deliver/deliver-errors.ts'
import { isTransient } from '../deliver/with-retry.ts'
import type { QueuedDelivery } from '../outbox/outbox-queue.ts'
import { settleReference } from '../reference/move-reference.ts'
import { type ReferenceFound, stateFolder } from '../reference/reference.ts'
import type { AgentContext, Decision } from './agent-context.ts'
import { findReference } from './reference-under-way.ts'
import { NothingMappedError, SourceNotEmptyError } from './send-errors.ts'

interface AskedFor {
  readonly mode?: Mode | undefined
  /** Whose files are taken instead of the source's. */
  readonly folder?: string | undefined
}

/** The mode asked for, by the call or else by the source. A source's `incremental` means: where it is possible. */
function askedMode(source: Source, { mode }: AskedFor): Mode {
  return mode ?? (source.mode === 'incremental' ? 'auto' : source.mode)
}

/** An incremental is asked for, whether or not it is possible: by name, or of a source that has files of changes. */
export function wantsIncremental(source: Source, of: AskedFor): boolean {
  const asked = askedMode(source, of)
  if (asked !== 'auto') return asked === 'incremental'
  return source.mode === 'incremental' || hasChangesApart(source, of)
}

/** Its changes lie in a folder of their own, in which an incremental would look for them. */
function hasChangesApart({ changesFolder }: Source, { folder }: AskedFor): boolean {
  return changesFolder !== undefined && folder === undefined
}

export interface DecideOptions extends AskedFor {
  /** For a plan: where a run is held, what a complete would do. */
  readonly evenIfHeld?: boolean | undefined
  /** What will be delivered before; nothing when absent. */
  readonly ahead?: readonly QueuedDelivery[] | undefined
}

/**
 * Throws `SourceHeldError` for an incremental while a run of the source is held, `DeliveryPutAsideError` for one that is asked
 * for by name while a delivery is put aside, `SourceNotEmptyError` for an initial of a source that holds resources,
 * `NothingMappedError` where there is nothing to deliver.
 */
export async function decideMode(
  context: AgentContext,
  source: Source,
  options: DecideOptions,
): Promise<Decision> {
  if (mappedTables(source).length === 0) throw new NothingMappedError(source)
  const asked = askedMode(source, options)
  if (!wantsIncremental(source, options)) {
    const mode = asked === 'auto' ? 'complete' : asked
    if (mode === 'initial' && (await chainOf(context, source))?.holdsResources === true)
      throw new SourceNotEmptyError(source.name)
    // A complete of nothing is an initial with its thresholds on.
    return { mode, auto: false, notes: [] }
  }
  const chain = await chainOf(context, source)
  const auto = asked === 'auto'
  const undecided = undecidedIn(source.name, chain)
  if (undecided !== undefined && !(auto && (undecided.makesWay || options.evenIfHeld === true)))
    throw undecided.error
  const state = stateFolder(context.configuration, source.name)
  if (chain !== undefined) await settleReference(state, context.inbox)
  const { ahead = [] } = options
  const found = await findReference(state, source, context.configuration.model, ahead)
  const base = found.reference?.delivery
  // Asked for by name it is tried: preparing it says in full what is wrong.
  if (!auto) return { mode: 'incremental', base, auto, notes: [] }
  const reason =
    undecided?.reason ?? (await whyNot(context, found, chain, ahead)) ?? (await whyNoFiles(source, options))
  return reason === undefined ? { mode: 'incremental', base, auto, notes: [] } : completeBecause(reason)
}

/** Why the files of changes are not taken, where they lie apart. */
async function whyNoFiles(source: Source, of: AskedFor): Promise<string | undefined> {
  return hasChangesApart(source, of) ? await whyNoChanges(source) : undefined
}

/** Of the repository, what somebody has to decide about before anything can build on it. */
interface Undecided {
  readonly error: SourceHeldError | DeliveryPutAsideError
  /** Why a complete takes the place of an incremental. */
  readonly reason: string
  /** It does so without being asked for: there is no change set that somebody is to look at. */
  readonly makesWay: boolean
}

function undecidedIn(source: string, chain: SourceChain | undefined): Undecided | undefined {
  const { heldRun = null, asideDelivery = null } = chain ?? {}
  if (heldRun !== null) {
    const reason = `Run ${heldRun} is held and not applied, so no incremental can build on it.`
    return { error: new SourceHeldError(source, heldRun), reason, makesWay: false }
  }
  if (asideDelivery === null) return undefined
  const reason = `Delivery ${asideDelivery} was put aside and not applied, so no incremental can build on it.`
  return { error: new DeliveryPutAsideError(source, asideDelivery), reason, makesWay: true }
}

/** A complete in place of the incremental that the source asks for. */
export function completeBecause(reason: string): Decision {
  if (reason === firstDelivery) return { mode: 'complete', auto: false, notes: [reason] }
  const notes = [`This run is a complete instead of an incremental. ${reason}`]
  return { mode: 'complete', auto: false, notes, fallback: reason }
}

const firstDelivery = 'The first run of a source is a complete; later runs deliver only what changed.'

const unknownRows = 'The repository may hold rows of this source that this agent has not delivered.'

async function whyNot(
  context: AgentContext,
  found: ReferenceFound,
  chain: SourceChain | undefined,
  ahead: readonly QueuedDelivery[],
): Promise<string | undefined> {
  if (found.kind === 'broken') {
    const first = found.error instanceof MissingReferenceError && found.reference === undefined
    const nothing = chain !== undefined && chain.lastDelivery === null && !chain.holdsResources
    return first && nothing ? firstDelivery : found.error.message
  }
  if (chain === undefined) return undefined
  const base = missingFrom(found.reference.delivery, chain, ahead)
  if (base === undefined) return undefined
  if (chain.lastDelivery === null && chain.holdsResources) return unknownRows
  return `The repository does not hold delivery ${base}, the last one of this agent.${await whatBecameOf(context, base)}`
}

/** The delivery that the repository should hold and does not; `undefined` when it is as far as it should be. */
function missingFrom(
  delivery: string,
  { lastDelivery }: SourceChain,
  ahead: readonly QueuedDelivery[],
): string | undefined {
  const [first] = ahead
  // A complete builds on nothing; and one of which only the answer was lost is there already.
  if (first !== undefined && first.delivery.mode !== 'incremental') return undefined
  if (ahead.some((one) => one.delivery.id === lastDelivery)) return undefined
  const base = first?.delivery.base ?? delivery
  return lastDelivery === base ? undefined : base
}

async function whatBecameOf({ inbox, briefInbox = inbox }: AgentContext, delivery: string): Promise<string> {
  const status = await briefInbox.status(delivery).catch(() => undefined)
  if (status === undefined || status.reason === null) return ''
  return ` It is ${status.state}: ${status.reason}`
}

/** `undefined`: the server cannot be reached now. */
async function chainOf(
  { inbox, briefInbox = inbox }: AgentContext,
  { name }: Source,
): Promise<SourceChain | undefined> {
  try {
    return await briefInbox.chain(name)
  } catch (error) {
    if (isTransient(error)) return undefined
    throw error
  }
}
