/**
 * Announces a delivery and prepares its files into the outbox. Where the server cannot be reached, or others wait before
 * it, it is announced later, before it is delivered.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exported } from '@sluice/connectors'
import { syncFolder } from '@sluice/files'
import type { Source } from '@sluice/model'
import type { Inbox, Manifest } from '@sluice/protocol'
import { isFinal, isNoWordOfServer } from '../deliver/whose-word.ts'
import {
  type OutboxNote,
  type Outgoing,
  outboxCookies,
  outboxFolder,
  readOutbox,
  writeOutbox,
} from '../outbox/outbox.ts'
import { lineUp, type QueuedDelivery, readQueue, stepBack, sweepQueue } from '../outbox/outbox-queue.ts'
import { copyCookies, stateFolder } from '../reference/reference.ts'
import type { AgentContext, Decision, SendOptions } from './agent-context.ts'
import { bringsCommands, type Place, placeInQueue } from './place-in-queue.ts'
import { prepareSource } from './prepare-source.ts'

/** A delivery is announced again so often while it is being prepared, so that it does not expire. */
const aliveEvery = 60_000

/**
 * Prepares what was exported, and puts it into the outbox behind what waits there, or in the place of it. When it throws, the
 * delivery has been given up, and what waited waits on.
 */
export async function fillOutbox(
  context: AgentContext,
  source: Source,
  decision: Decision,
  exported: Exported,
  options: SendOptions,
): Promise<Outgoing> {
  const { workFolder } = context.configuration
  const { name } = source
  const folder = outboxFolder(workFolder, name)
  const former = await readOutbox(folder)
  const waits = former?.stage === 'prepared'
  const moved = waits ? await lineUp(workFolder, name) : undefined
  try {
    const queue = await readQueue(workFolder, name)
    const place = await placeInQueue(source, decision, exported, queue)
    const known = new Set(queue.map(({ delivery }) => delivery.id))
    const abandoned = (waits ? [] : abandonedBy(former)).filter((id) => !known.has(id))
    const superseded = supersededBy(place, queue)
    const filling = { folder, place, exported, abandoned, superseded }
    const outgoing = await prepareInto(context, source, filling, options)
    await sweepQueue(workFolder, name, await readQueue(workFolder, name))
    return outgoing
  } catch (error) {
    if (moved !== undefined && existsSync(moved)) {
      await takeOver(context, folder, moved)
      await stepBack(workFolder, name, moved)
    }
    throw error
  }
}

/** What the failed one has announced, and could not give up, is from now on for the one before it to give up. */
async function takeOver(context: AgentContext, folder: string, moved: string): Promise<void> {
  const [failed, waiting] = [await readOutbox(folder), await readOutbox(moved)]
  if (failed === undefined || waiting?.stage !== 'prepared') return
  const announced = abandonedBy(failed).filter((id) => id !== waiting.id)
  const left = await giveUpAll(context.briefInbox ?? context.inbox, announced)
  if (left.length > 0) await writeOutbox(moved, { ...waiting, abandoned: [...waiting.abandoned, ...left] })
}

interface Filling {
  readonly folder: string
  readonly place: Place
  readonly exported: Exported
  /** Deliveries that were announced before and will never come. */
  readonly abandoned: readonly string[]
  /** Those that will never come once this one is prepared. */
  readonly superseded: readonly string[]
}

/** What was announced, or may have been, of those in whose place it comes: they would keep their place before it. */
function supersededBy({ mode, replaces }: Place, queue: readonly QueuedDelivery[]): string[] {
  if (replaces !== undefined) return [...replaces.abandoned]
  if (mode === 'incremental') return []
  return queue.flatMap(({ delivery: { id, sending, abandoned } }, at) =>
    at === 0 || sending === true ? [...abandoned, id] : abandoned,
  )
}

async function prepareInto(
  context: AgentContext,
  source: Source,
  { folder, place, exported, ...filling }: Filling,
  options: SendOptions,
): Promise<Outgoing> {
  const { configuration, briefInbox = context.inbox } = context
  const { mode, base, ahead, replaces, reasons } = place
  // Where the server is away it may not know of the former, and never need to: the new one keeps its id.
  const renamed = replaces !== undefined && (await giveUpAll(briefInbox, [replaces.id])).length === 0
  const id = renamed ? randomUUID() : place.id
  const begun = {
    version: 1 as const,
    id,
    source: source.name,
    mode,
    ...(base === undefined ? {} : { base }),
    at: new Date().toISOString(),
  }
  await writeOutbox(folder, { ...begun, stage: 'announced', abandoned: [...filling.abandoned] })
  await sweep(folder)
  const abandoned = await giveUpAll(briefInbox, filling.abandoned)
  const announcement = { id, source: source.name, mode, base }
  // Behind others it is announced when they have gone: an announcement is a place in the queue.
  const announce = async () => {
    if (ahead.length === 0) await orLater(briefInbox.announce(announcement))
  }
  await announce()
  const alive = setInterval(() => void announce().catch(() => undefined), aliveEvery).unref()
  try {
    const prepared = await prepareSource({
      source,
      model: configuration.model,
      mode,
      base,
      ahead,
      state: stateFolder(configuration, source.name),
      folder,
      settings: configuration.prepare,
      exported,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    await keepCookies(folder, exported)
    const { references } = prepared
    const manifest = amended(prepared.manifest, { mode, base }, options)
    const outgoing: Outgoing = {
      ...begun,
      stage: 'prepared',
      abandoned: [...abandoned, ...filling.superseded],
      manifest: { ...manifest, notes: [...reasons, ...manifest.notes] },
      references: references.map((reference) => ({ ...reference, columns: [...reference.columns] })),
      cookies: exported.cookies !== undefined,
      ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
      ...(replaces === undefined ? {} : { replaces: replaces.id }),
      ...(place.standsForChanges ? { standsForChanges: true as const } : {}),
    }
    // What is handed out once is nowhere else: the note must not outlive the files in a power cut.
    if (bringsCommands(outgoing)) await syncFolder(folder)
    await writeOutbox(folder, outgoing)
    return outgoing
  } catch (error) {
    const state = options.signal?.aborted === true ? 'cancelled' : 'refused'
    const reason = error instanceof Error ? error.message : String(error)
    // When this does not get through either, the note says that the delivery is to be given up.
    if (id !== replaces?.id) await briefInbox.giveUp(id, state, reason).catch(() => undefined)
    throw error
  } finally {
    clearInterval(alive)
  }
}

/** What is delivered, by whoever has the last word on it. */
function amended(
  manifest: Manifest,
  of: Pick<Decision, 'mode' | 'base'>,
  { amend }: Pick<SendOptions, 'amend'>,
): Manifest {
  return amend === undefined ? manifest : amend(manifest, of)
}

function abandonedBy(former: OutboxNote | undefined): string[] {
  if (former === undefined || former.stage === 'delivered') return [...(former?.abandoned ?? [])]
  return [...new Set([...former.abandoned, former.id])]
}

/** Those that could not be given up yet; a server that is away is not asked about each of them. */
export async function giveUpAll(inbox: Inbox, deliveries: readonly string[]): Promise<readonly string[]> {
  const left: string[] = []
  for (const id of deliveries) {
    if (left.length > 0) {
      left.push(id)
      continue
    }
    try {
      const status = await inbox.status(id)
      if (status?.state === 'announced')
        await inbox.giveUp(
          id,
          'cancelled',
          'The agent stopped before it was delivered, or it prepared another one.',
        )
    } catch (error) {
      if (!isFinal(error)) left.push(id)
    }
  }
  return left
}

/** Removes what a preparation that was killed has left; the folder is ours alone. */
async function sweep(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => /^\.(?:prepare|new)-/.test(name))
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true })
}

/** Another export would replace them, and these belong to the files that were prepared. */
async function keepCookies(folder: string, { cookies }: Exported): Promise<void> {
  const kept = outboxCookies(folder)
  await rm(kept, { recursive: true, force: true })
  if (cookies !== undefined) await copyCookies(cookies, kept)
}

/** A place in the queue can be taken when it is sent, too: what was exported is prepared whoever is in the way now. */
async function orLater(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!isNoWordOfServer(error)) throw error
  })
}
