/**
 * Sets notes aside that nobody can read any more, so that the source goes on.
 *
 * A note that a crash, a full disk or a hand has broken says no more what waits. What it held may have been handed out
 * once, and what waits behind it was compared with it: so both are let go, and before anything of that is done it is
 * written down that the next run has to be a complete.
 *
 * @module
 */
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFolder, readHead } from '@sluice/files'
import {
  brokenName,
  clearOutbox,
  type OutboxNote,
  type Outgoing,
  outboxFolder,
  readOutbox,
  writeOutbox,
} from '../outbox/outbox.ts'
import { UnreadableNoteError } from '../outbox/outbox-errors.ts'
import { isLinedUp, placesFromTheEnd, type QueuedDelivery } from '../outbox/outbox-queue.ts'
import { markOutdated, standsFor } from '../reference/move-reference.ts'

interface Found {
  readonly broken: UnreadableNoteError
  /** What stands on it. */
  readonly behind: readonly QueuedDelivery[]
  /** What it stands on, if that waits too. */
  readonly before: QueuedDelivery | undefined
}

/** To be called before the queue is read. What a report shall say of it: one sentence for each. */
export async function setBrokenAside(
  workFolder: string,
  source: string,
  state: string,
): Promise<readonly string[]> {
  const sentences: string[] = []
  for (;;) {
    const found = await findBroken(workFolder, source)
    if (found === undefined) return sentences
    sentences.push(await setAside(found, outboxFolder(workFolder, source), { source, state }))
  }
}

async function findBroken(workFolder: string, source: string): Promise<Found | undefined> {
  const behind: QueuedDelivery[] = []
  let broken: UnreadableNoteError | undefined
  for (const folder of await placesFromTheEnd(workFolder, source)) {
    const note = await noteOrError(folder)
    if (note instanceof UnreadableNoteError) {
      if (broken !== undefined) break
      broken = note
    } else if (note?.stage === 'prepared') {
      if (broken !== undefined) return { broken, behind, before: { folder, delivery: note } }
      // A complete says everything there is, whatever was before it.
      if (note.mode !== 'incremental') return undefined
      behind.push({ folder, delivery: note })
    }
  }
  return broken === undefined ? undefined : { broken, behind, before: undefined }
}

async function noteOrError(folder: string): Promise<OutboxNote | UnreadableNoteError | undefined> {
  try {
    return await readOutbox(folder)
  } catch (error) {
    if (error instanceof UnreadableNoteError) return error
    throw error
  }
}

async function setAside(
  { broken: { path }, behind, before }: Found,
  outbox: string,
  { source, state }: { readonly source: string; readonly state: string },
): Promise<string> {
  const id = idIn(readHead(path))
  const aside = join(outbox, brokenName)
  const what = `The file ${path} could not be read and was moved aside as ${aside}.`
  const acknowledged = id !== undefined && behind.length === 0 && (await standsFor(state)) === id
  if (!acknowledged) await demandComplete(state, before?.delivery, before?.folder)
  for (const one of behind) {
    await clearOutbox(one.folder)
    if (isLinedUp(one)) await rm(one.folder, { recursive: true, force: true })
  }
  await makePrivateFolder(outbox)
  await rename(path, aside)
  if (id !== undefined && !acknowledged) await leaveToGiveUp(outbox, source, id)
  if (acknowledged) return `${what} The delivery that it described had already arrived.`
  const others =
    behind.length === 0
      ? ''
      : ` ${behind.length === 1 ? 'One delivery that built on it was' : `${behind.length} deliveries that built on it were`} dropped, too.`
  return `${what}${others} Its content is lost, so everything is exported again.`
}

const why =
  'the file that described a waiting delivery could not be read, so the content of that delivery is lost'

async function demandComplete(state: string, before: Outgoing | undefined, folder = ''): Promise<void> {
  // The reference that it will leave takes the place of the one of now.
  if (before !== undefined && before.outdated === undefined)
    await writeOutbox(folder, { ...before, outdated: why })
  await markOutdated(state, why)
}

/** A place that it may have in the server's queue is given back by whoever prepares next. */
async function leaveToGiveUp(outbox: string, source: string, id: string): Promise<void> {
  const note = await noteOrError(outbox)
  if (note instanceof UnreadableNoteError) return
  const begun = { version: 1 as const, source, at: new Date().toISOString() }
  await writeOutbox(
    outbox,
    note === undefined
      ? { ...begun, id, mode: 'complete', stage: 'announced', abandoned: [] }
      : { ...note, abandoned: [...note.abandoned, id] },
  )
}

/** The id of the delivery, where as much of the note is left. */
function idIn(text: string): string | undefined {
  return /"id":\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/.exec(text)?.[1]
}
