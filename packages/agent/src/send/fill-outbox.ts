/**
 * Announces a delivery and prepares its files into the outbox. Where the server cannot be reached it is announced
 * later, before it is delivered.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exported } from '@sluice/connectors'
import type { Source } from '@sluice/model'
import type { Inbox } from '@sluice/protocol'
import { mayPass } from '../deliver/patiently.ts'
import {
  type OutboxNote,
  type Outgoing,
  outboxCookies,
  outboxFolder,
  readOutbox,
  writeOutbox,
} from '../outbox/outbox.ts'
import { copyCookies, stateFolder } from '../reference/reference.ts'
import type { AgentContext, Decision, SendOptions } from './agent-context.ts'
import { prepareSource } from './prepare-source.ts'
import { UndeliveredCommandsError } from './send-errors.ts'

/** A delivery is announced again so often while it is being prepared, so that it does not expire. */
const aliveEvery = 60_000

/**
 * Prepares what was exported. When it throws, the delivery has been given up. What was prepared before and not
 * delivered is replaced; throws `UndeliveredCommandsError` where that would lose changes.
 */
export async function fillOutbox(
  context: AgentContext,
  source: Source,
  decision: Decision,
  exported: Exported,
  options: SendOptions,
): Promise<Outgoing> {
  const { configuration, hasty = context.inbox } = context
  const folder = outboxFolder(configuration.workFolder, source.name)
  const former = await readOutbox(folder)
  refuseToLoseCommands(former, source.name, decision)
  const { mode, base } = decision
  const begun = {
    version: 1 as const,
    id: randomUUID(),
    source: source.name,
    mode,
    ...(base === undefined ? {} : { base }),
    at: new Date().toISOString(),
  }
  await writeOutbox(folder, { ...begun, stage: 'announced', abandoned: abandonedBy(former) })
  await sweep(folder)
  const abandoned = await giveUpAll(hasty, abandonedBy(former))
  const { id } = begun
  const announcement = { id, source: source.name, mode, base }
  await orLater(hasty.announce(announcement))
  const alive = setInterval(
    () => void hasty.announce(announcement).catch(() => undefined),
    aliveEvery,
  ).unref()
  try {
    const prepared = await prepareSource({
      source,
      model: configuration.model,
      mode,
      base,
      state: stateFolder(configuration, source.name),
      folder,
      settings: configuration.prepare,
      exported,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    await keepCookies(folder, exported)
    const { manifest, references } = prepared
    const outgoing: Outgoing = {
      ...begun,
      stage: 'prepared',
      abandoned: [...abandoned],
      manifest: { ...manifest, notes: [...decision.notes, ...manifest.notes] },
      references: references.map((reference) => ({ ...reference, columns: [...reference.columns] })),
      cookies: exported.cookies !== undefined,
    }
    await writeOutbox(folder, outgoing)
    return outgoing
  } catch (error) {
    const state = options.signal?.aborted === true ? 'cancelled' : 'refused'
    const reason = error instanceof Error ? error.message : String(error)
    // When this does not get through either, the note says that the delivery is to be given up.
    await hasty.giveUp(id, state, reason).catch(() => undefined)
    throw error
  } finally {
    clearInterval(alive)
  }
}

function refuseToLoseCommands(former: OutboxNote | undefined, source: string, { mode }: Decision): void {
  if (former?.stage !== 'prepared' || mode !== 'incremental' || !holdsCommands(former)) return
  throw new UndeliveredCommandsError(source, former.id)
}

/**
 * It holds changes that are nowhere else: those of a table that carried its own commands. An export program reads them
 * again, from the cookies of the last delivery that was acknowledged.
 */
export function holdsCommands({ mode, cookies, manifest, references }: Outgoing): boolean {
  if (mode !== 'incremental' || cookies) return false
  return manifest.files.some(({ mapping }) => !references.some((one) => one.mapping === mapping))
}

function abandonedBy(former: OutboxNote | undefined): string[] {
  if (former === undefined || former.stage === 'delivered') return [...(former?.abandoned ?? [])]
  return [...new Set([...former.abandoned, former.id])]
}

/** Those that could not be given up yet. */
export async function giveUpAll(inbox: Inbox, deliveries: readonly string[]): Promise<readonly string[]> {
  const left: string[] = []
  for (const id of deliveries) {
    try {
      const status = await inbox.status(id)
      if (status?.state === 'announced')
        await inbox.giveUp(
          id,
          'cancelled',
          'The agent ended before it was delivered, or prepared another one.',
        )
    } catch (error) {
      if (mayPass(error)) left.push(id)
    }
  }
  return left
}

/** Removes what a preparation that was killed has left; we alone work here. */
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

async function orLater(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!mayPass(error)) throw error
  })
}
