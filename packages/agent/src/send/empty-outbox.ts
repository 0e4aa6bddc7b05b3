/**
 * Delivers what waits in an outbox, in order, each with the id it was announced with, however often and by whichever
 * process.
 *
 * The server is asked first what became of it: perhaps it has it already and only its answer was lost, perhaps it let
 * it go. What it will never take is dropped with all that builds on it, and the source is free for a fresh delivery.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { isAcknowledged, type Source } from '@sluice/model'
import type { DeliveryStatus, Inbox } from '@sluice/protocol'
import { deliver } from '../deliver/deliver.ts'
import { DeliveredLaterError, SourceHeldError } from '../deliver/deliver-errors.ts'
import { isFinal } from '../deliver/whose-word.ts'
import { isTransient } from '../deliver/with-retry.ts'
import { clearOutbox, type Outgoing, outboxCookies, writeOutbox } from '../outbox/outbox.ts'
import { isLinedUp, type QueuedDelivery, readQueue, sweepQueue } from '../outbox/outbox-queue.ts'
import { takeAsTheyAre } from '../outbox/take-as-they-are.ts'
import { carriedFiles, changedFile } from '../outbox/verify-outbox.ts'
import { lastDelivered, markOutdated, settleReference } from '../reference/move-reference.ts'
import { stateFolder } from '../reference/reference.ts'
import type { AgentContext, SendOptions } from './agent-context.ts'
import { giveUpAll } from './fill-outbox.ts'
import { holdsCommands, wasHandedOut } from './place-in-queue.ts'

export type OutboxOutcome =
  | { readonly kind: 'nothing' }
  /** All that waited was handed over: `delivery` last, the others `before` it. */
  | {
      readonly kind: 'delivered'
      readonly delivery: Outgoing
      readonly status: DeliveryStatus
      readonly before: readonly Outgoing[]
    }
  /** The server will not take it any more, nor those `behind` it, which stand on it; `reason` says why. */
  | {
      readonly kind: 'dropped'
      readonly delivery: Outgoing
      readonly reason: string
      readonly before: readonly Outgoing[]
      readonly behind: readonly Outgoing[]
    }

export interface EmptyOptions extends Pick<SendOptions, 'onProgress' | 'signal'> {
  /** This process has just prepared it: the sums of its files need not be taken again. */
  readonly fresh?: boolean | undefined
  /** A complete that expired meanwhile comes again, too, in place of being dropped for a newer one. */
  readonly renew?: boolean | undefined
  /** Files that were changed or written by hand are delivered as they are. */
  readonly asTheyAre?: boolean | undefined
  /**
   * What will be prepared next, if anything: one whose files were changed is dropped then in place of being complained
   * about. One that holds the system's own commands only gives way to a complete, which says all that they did.
   */
  readonly followedBy?: 'complete' | 'incremental' | undefined
}

/**
 * Throws `DeliveredLaterError` when the server cannot be reached, `SourceHeldError` while a held run has to be decided
 * first, `ChangedOutboxError` when a file is not what was prepared, `UnfitPreparedFileError` when one that shall be taken as it
 * is cannot be; it waits on then, and so do those behind it.
 */
export async function emptyOutbox(
  context: AgentContext,
  source: Source,
  options: EmptyOptions = {},
): Promise<OutboxOutcome> {
  const { workFolder, model } = context.configuration
  if (options.asTheyAre === true) await takeAsTheyAre(workFolder, source, model)
  let queue = await readQueue(workFolder, source.name)
  // Before anything goes: what was superseded by it would come back into the queue once it has gone.
  await sweepQueue(workFolder, source.name, queue)
  if (queue.length === 0) return { kind: 'nothing' }
  const before: Outgoing[] = []
  for (;;) {
    const outcome = await orLater(context, queue, options)
    if (outcome.kind === 'dropped') return { ...outcome, before }
    const { delivery, status, rest } = outcome
    if (rest.length === 0) return { kind: 'delivered', delivery, status, before }
    before.push(delivery)
    queue = rest
  }
}

interface HandedOver {
  readonly kind: 'delivered'
  readonly delivery: Outgoing
  readonly status: DeliveryStatus
  /** What waits behind it. */
  readonly rest: readonly QueuedDelivery[]
}
interface Dropped {
  readonly kind: 'dropped'
  readonly delivery: Outgoing
  readonly reason: string
  readonly behind: readonly Outgoing[]
}

/** The first of the queue, with what builds on it. */
interface QueueHead extends QueuedDelivery {
  readonly state: string
  readonly behind: readonly QueuedDelivery[]
}

async function orLater(
  context: AgentContext,
  [first, ...behind]: readonly QueuedDelivery[],
  options: EmptyOptions,
): Promise<HandedOver | Dropped> {
  if (first === undefined) throw new TypeError('There is nothing to send.')
  const { source, id } = first.delivery
  const head: QueueHead = { ...first, behind, state: stateFolder(context.configuration, source) }
  try {
    return await send(context, head, options)
  } catch (error) {
    if (isTransient(error)) throw new DeliveredLaterError(source, id, error, 1 + behind.length)
    throw error
  }
}

async function send(
  context: AgentContext,
  head: QueueHead,
  options: EmptyOptions,
): Promise<HandedOver | Dropped> {
  const { inbox } = context
  const { state, delivery: note } = head
  await settleReference(state, inbox)
  const status = await inbox.status(note.id)
  if (status !== undefined && isAcknowledged(status.state)) return done(head, status)
  // The server forgot it (an older dump was restored), but had it.
  if ((await lastDelivered(state, inbox)) === note.id) return drop(head, 'the server has lost it')
  const kept = await keepOpen(context, head, status, options)
  if (kept.kind === 'dropped') return kept
  const now = kept.head
  const { delivery } = now
  const fresh = options.fresh === true && now.behind.length === 0
  const changed = fresh ? undefined : await changedFile(now.folder, delivery)
  if (changed !== undefined) {
    if (!givesWay(now, options)) throw changed
    await inbox.giveUp(delivery.id, 'refused', changed.message).catch(() => undefined)
    return drop(now, changed.message.replace(/\.$/, ''))
  }
  const sent = await handOver(context, now, options)
  if (isAcknowledged(sent.state)) return done(now, sent)
  return drop(now, sent.reason ?? `it is ${sent.state}`)
}

/** Whatever is prepared next says all that it and those behind it say. */
function givesWay({ delivery, behind }: QueueHead, { followedBy }: EmptyOptions): boolean {
  if (followedBy !== 'incremental') return followedBy === 'complete'
  return ![delivery, ...behind.map((one) => one.delivery)].some(holdsCommands)
}

/** Makes sure that the delivery may still come; one that was let go comes again under another id where that is right. */
async function keepOpen(
  { inbox }: AgentContext,
  head: QueueHead,
  status: DeliveryStatus | undefined,
  { renew = false }: EmptyOptions,
): Promise<{ readonly kind: 'open'; readonly head: QueueHead } | Dropped> {
  const { folder, delivery: note } = head
  if (status?.state === 'announced') return { kind: 'open', head }
  if (status?.state === 'refused') return drop(head, status.reason ?? 'it was refused')
  if (note.mode === 'incremental') {
    const chain = await inbox.chain(note.source)
    if (chain.lastDelivery !== note.base) {
      if (chain.heldRun !== null) throw new SourceHeldError(note.source, chain.heldRun)
      return drop(head, await movedOn(inbox, note))
    }
  }
  if (status === undefined) return { kind: 'open', head }
  // It expired, or was given up. Changes that build on what is there are as good as before; a complete is better new,
  // unless others build on it.
  const again = note.mode === 'incremental' || renew || head.behind.length > 0
  if (!again) return drop(head, status.reason ?? 'it was cancelled')
  const { sending: _former, ...prepared } = note
  const delivery: Outgoing = { ...prepared, id: randomUUID() }
  await writeOutbox(folder, delivery)
  return { kind: 'open', head: { ...head, delivery } }
}

/** Why what it builds on is not there. */
async function movedOn(inbox: Inbox, { base }: Outgoing): Promise<string> {
  const status = base === undefined ? undefined : await inbox.status(base)
  const reason = status?.reason ?? null
  const why = reason === null ? '' : `: delivery ${base} is ${status?.state} (${reason.replace(/\.$/, '')})`
  return `the repository has applied newer deliveries${why}`
}

async function handOver(
  { inbox }: AgentContext,
  head: QueueHead,
  { onProgress, signal }: EmptyOptions,
): Promise<DeliveryStatus> {
  const { folder, delivery, state } = head
  const { id, source, mode, base, manifest, references, outdated } = delivery
  await giveUpAll(inbox, delivery.abandoned)
  try {
    await inbox.announce({ id, source, mode, base, files: [...carriedFiles(manifest)] })
    if (delivery.sending !== true) await writeOutbox(folder, { ...delivery, sending: true })
    return await deliver({
      inbox,
      deliveryId: id,
      prepared: { folder, manifest, references, outdated },
      cookies: delivery.cookies ? outboxCookies(folder) : undefined,
      state,
      source,
      onProgress,
      signal,
    })
  } catch (error) {
    if (!isFinal(error)) throw error
    // It would be refused for ever, and the source could deliver nothing any more.
    await inbox.giveUp(id, 'refused', error.message).catch(() => undefined)
    await drop(head, error.message)
    throw error
  }
}

async function done(head: QueueHead, status: DeliveryStatus): Promise<HandedOver> {
  const { folder, delivery, behind } = head
  const rest = await standOn(delivery, behind)
  await writeOutbox(folder, { ...delivery, stage: 'delivered' })
  if (isLinedUp(head)) await rm(folder, { recursive: true, force: true })
  return { kind: 'delivered', delivery, status, rest }
}

/** Once what they wait behind is gone, its id is nowhere but in what builds on it. */
async function standOn(
  { id, ahead = [] }: Outgoing,
  [next, ...others]: readonly QueuedDelivery[],
): Promise<readonly QueuedDelivery[]> {
  if (next === undefined) return []
  const gone = [...new Set([...ahead, id])].slice(-followedMost)
  const delivery: Outgoing = { ...next.delivery, base: id, ahead: gone }
  await writeOutbox(next.folder, delivery)
  return [{ ...next, delivery }, ...others]
}

/** So many deliveries of a long queue are waited for in the end, the last of them. */
const followedMost = 100

/**
 * Lets it go, and all that build on it. Where changes went with them that were handed out once, no file here tells any
 * more what changed: the next run has to be a complete. That is written down first, and the first of them goes last, so
 * that whoever comes after a crash here comes to the same end.
 */
async function drop(head: QueueHead, reason: string): Promise<Dropped> {
  const { folder, delivery, behind, state } = head
  const lost = behind.length > 0 || delivery.standsForChanges === true || wasHandedOut(delivery)
  if (lost) await markOutdated(state, letGo(delivery, reason, behind.length))
  for (const one of behind.toReversed()) await remove(one)
  await remove({ folder, delivery })
  return { kind: 'dropped', delivery, reason, behind: behind.map((one) => one.delivery) }
}

async function remove(one: QueuedDelivery): Promise<void> {
  await clearOutbox(one.folder)
  if (isLinedUp(one)) await rm(one.folder, { recursive: true, force: true })
}

function letGo({ id }: Outgoing, reason: string, behind: number): string {
  const others =
    behind === 0
      ? ''
      : `, and with it ${behind === 1 ? 'one delivery' : `${behind} deliveries`} that built on it`
  return `delivery ${id} was dropped${others} (${reason.replace(/\.$/, '')})`
}
