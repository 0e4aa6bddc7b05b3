/**
 * Delivers what waits in an outbox, with the id it was announced with, however often and by whichever process.
 *
 * The server is asked first what became of it: perhaps it has it already and only its answer was lost, perhaps it let
 * it go. What it will never take is dropped, and the source is free for a fresh delivery.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { isAcknowledged, type Source } from '@sluice/model'
import { type DeliveryStatus, RemoteError } from '@sluice/protocol'
import { deliver } from '../deliver/deliver.ts'
import { DeliveredLaterError, SourceHeldError } from '../deliver/deliver-errors.ts'
import { mayPass } from '../deliver/patiently.ts'
import {
  clearOutbox,
  type Outgoing,
  outboxCookies,
  outboxFolder,
  readOutbox,
  writeOutbox,
} from '../outbox/outbox.ts'
import { ChangedOutboxError } from '../outbox/outbox-errors.ts'
import { takeAsTheyAre } from '../outbox/take-as-they-are.ts'
import { carriedFiles, verifyOutbox } from '../outbox/verify-outbox.ts'
import { lastDelivered, settleReference } from '../reference/move-reference.ts'
import { stateFolder } from '../reference/reference.ts'
import type { AgentContext, SendOptions } from './agent-context.ts'
import { giveUpAll, holdsCommands } from './fill-outbox.ts'

export type OutboxOutcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'delivered'; readonly delivery: Outgoing; readonly status: DeliveryStatus }
  /** The server will not take it any more; `reason` says why. */
  | { readonly kind: 'dropped'; readonly delivery: Outgoing; readonly reason: string }

export interface EmptyOptions extends Pick<SendOptions, 'onProgress' | 'signal'> {
  /** This process has just prepared it: the sums of its files need not be taken again. */
  readonly fresh?: boolean | undefined
  /** A complete that expired meanwhile comes again, too, in place of being dropped for a newer one. */
  readonly renew?: boolean | undefined
  /** Files that were changed or written by hand are delivered as they are. */
  readonly asTheyAre?: boolean | undefined
  /** A fresh delivery follows: one whose files were changed is dropped in place of being complained about. */
  readonly replaceable?: boolean | undefined
}

/**
 * Throws `DeliveredLaterError` when the server cannot be reached, `SourceHeldError` while a held run has to be decided
 * first, `ChangedOutboxError` when a file is not what was prepared, `UnfitPreparedFileError` when one that shall be taken as it
 * is cannot be; it waits on then.
 */
export async function emptyOutbox(
  context: AgentContext,
  source: Source,
  options: EmptyOptions = {},
): Promise<OutboxOutcome> {
  const folder = outboxFolder(context.configuration.workFolder, source.name)
  if (options.asTheyAre === true) await takeAsTheyAre(folder, source, context.configuration.model)
  const note = await readOutbox(folder)
  if (note?.stage !== 'prepared') return { kind: 'nothing' }
  try {
    return await send(context, folder, note, options)
  } catch (error) {
    if (mayPass(error)) throw new DeliveredLaterError(source.name, note.id, error)
    throw error
  }
}

async function send(
  context: AgentContext,
  folder: string,
  note: Outgoing,
  options: EmptyOptions,
): Promise<OutboxOutcome> {
  const { inbox } = context
  const state = stateFolder(context.configuration, note.source)
  await settleReference(state, inbox)
  const status = await inbox.status(note.id)
  if (status !== undefined && isAcknowledged(status.state)) return done(folder, note, status)
  // The server forgot it (an older dump was restored), but had it.
  if ((await lastDelivered(state, inbox)) === note.id) return drop(folder, note, 'the server has lost it')
  const turn = await takeTurn(context, folder, note, status, options)
  if (turn.kind === 'dropped') return turn
  const { delivery } = turn
  const changed = options.fresh === true ? undefined : await changedFile(folder, delivery)
  if (changed !== undefined) {
    if (options.replaceable !== true || holdsCommands(delivery)) throw changed
    await inbox.giveUp(delivery.id, 'refused', changed.message).catch(() => undefined)
    return drop(folder, delivery, changed.message.replace(/\.$/, ''))
  }
  const sent = await handOver(context, folder, delivery, options)
  if (isAcknowledged(sent.state)) return done(folder, delivery, sent)
  return drop(folder, delivery, sent.reason ?? `it is ${sent.state}`)
}

async function changedFile(folder: string, { manifest }: Outgoing): Promise<ChangedOutboxError | undefined> {
  try {
    await verifyOutbox(folder, manifest)
    return undefined
  } catch (error) {
    if (error instanceof ChangedOutboxError) return error
    throw error
  }
}

/** Makes sure that the delivery may still come; one that was let go comes again under another id where that is right. */
async function takeTurn(
  { inbox }: AgentContext,
  folder: string,
  note: Outgoing,
  status: DeliveryStatus | undefined,
  { renew = false }: EmptyOptions,
): Promise<
  { readonly kind: 'open'; readonly delivery: Outgoing } | Extract<OutboxOutcome, { kind: 'dropped' }>
> {
  if (status?.state === 'announced') return { kind: 'open', delivery: note }
  if (status?.state === 'refused') return drop(folder, note, status.reason ?? 'it was refused')
  if (note.mode === 'incremental') {
    const chain = await inbox.chain(note.source)
    if (chain.lastDelivery !== note.base) {
      if (chain.heldRun !== null) throw new SourceHeldError(note.source, chain.heldRun)
      return drop(folder, note, 'the repository moved on without it')
    }
  }
  if (status === undefined) return { kind: 'open', delivery: note }
  // It expired, or was given up. Changes that build on what is there are as good as before; a complete is better new.
  if (note.mode !== 'incremental' && !renew) return drop(folder, note, status.reason ?? 'it was cancelled')
  const delivery: Outgoing = { ...note, id: randomUUID() }
  await writeOutbox(folder, delivery)
  return { kind: 'open', delivery }
}

async function handOver(
  { configuration, inbox }: AgentContext,
  folder: string,
  delivery: Outgoing,
  { onProgress, signal }: EmptyOptions,
): Promise<DeliveryStatus> {
  const { id, source, mode, base, manifest, references, outdated } = delivery
  await giveUpAll(inbox, delivery.abandoned)
  try {
    await inbox.announce({ id, source, mode, base, files: [...carriedFiles(manifest)] })
    return await deliver({
      inbox,
      deliveryId: id,
      prepared: { folder, manifest, references, outdated },
      cookies: delivery.cookies ? outboxCookies(folder) : undefined,
      state: stateFolder(configuration, source),
      source,
      onProgress,
      signal,
    })
  } catch (error) {
    if (!isFinal(error)) throw error
    // It would be refused for ever, and the source could deliver nothing any more.
    await inbox.giveUp(id, 'refused', error.message).catch(() => undefined)
    await clearOutbox(folder)
    throw error
  }
}

/** The server will never take this delivery. A token, on the other hand, can be mended. */
function isFinal(error: unknown): error is RemoteError {
  return error instanceof RemoteError && !mayPass(error) && [400, 409, 413, 422].includes(error.status)
}

async function done(folder: string, delivery: Outgoing, status: DeliveryStatus): Promise<OutboxOutcome> {
  await writeOutbox(folder, { ...delivery, stage: 'delivered' })
  return { kind: 'delivered', delivery, status }
}

async function drop(folder: string, delivery: Outgoing, reason: string) {
  await clearOutbox(folder)
  return { kind: 'dropped', delivery, reason } as const
}
