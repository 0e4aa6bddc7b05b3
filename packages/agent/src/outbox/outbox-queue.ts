/**
 * The outbox of a source as a queue: the deliveries that wait for a server that is away, in the order in which they will be
 * announced. Each stands on the one before it.
 *
 *   outbox/hr                    where the last one is prepared, and where people look for it
 *   outbox/hr.waiting/000000001 … those before it, moved there whole, by renaming, when another is put behind
 *
 * What a delivery stands on follows from its place, so that nothing has to be rewritten in step: a complete supersedes
 * all that waits before it, an incremental builds on the one before it, and one that was prepared anew in the place of
 * another names it. What a process that was killed has left is read the same way.
 *
 * @module
 */
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makePrivateFolder, renameDurably } from '@sluice/files'
import { lineSuffix, type Outgoing, outboxFolder, readOutbox } from './outbox.ts'

/** A delivery that waits, and where its files are. */
export interface QueuedDelivery {
  readonly folder: string
  readonly delivery: Outgoing
}

function lineFolder(workFolder: string, source: string): string {
  return `${outboxFolder(workFolder, source)}${lineSuffix}`
}

/** Where deliveries may wait, the last of them, in the outbox itself, first. */
export async function placesFromTheEnd(workFolder: string, source: string): Promise<readonly string[]> {
  return [outboxFolder(workFolder, source), ...(await linedUp(workFolder, source)).toReversed()]
}

/** What waits to be delivered, the first to go first. */
export async function readQueue(workFolder: string, source: string): Promise<readonly QueuedDelivery[]> {
  const queue: QueuedDelivery[] = []
  const replaced = new Set<string>()
  for (const folder of await placesFromTheEnd(workFolder, source)) {
    const delivery = await readOutbox(folder)
    if (delivery?.stage !== 'prepared') continue
    if (!replaced.has(delivery.id)) queue.push({ folder, delivery })
    if (delivery.replaces !== undefined) replaced.add(delivery.replaces)
    // It says everything there is, and nothing before it is needed.
    if (delivery.mode !== 'incremental') break
  }
  return queue.toReversed().map(linked)
}

/** What stands before it may have come to have another id since it was prepared. */
function linked(
  { folder, delivery }: QueuedDelivery,
  at: number,
  queue: readonly QueuedDelivery[],
): QueuedDelivery {
  const base = queue[at - 1]?.delivery.id
  return base === undefined ? { folder, delivery } : { folder, delivery: { ...delivery, base } }
}

/** Folders of deliveries that others were put behind, in order. */
async function linedUp(workFolder: string, source: string): Promise<readonly string[]> {
  const folder = lineFolder(workFolder, source)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => /^\d+$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

const digits = 9

/** Makes room behind the delivery in the outbox; the folder it is in from now on. */
export async function lineUp(workFolder: string, source: string): Promise<string> {
  const line = lineFolder(workFolder, source)
  const last = Number((await linedUp(workFolder, source)).at(-1)?.slice(-digits) ?? 0)
  const folder = join(line, String(last + 1).padStart(digits, '0'))
  await makePrivateFolder(line)
  await renameDurably(outboxFolder(workFolder, source), folder)
  return folder
}

/** Nothing came behind it after all: it is where people look for it again. */
export async function stepBack(workFolder: string, source: string, folder: string): Promise<void> {
  await rm(outboxFolder(workFolder, source), { recursive: true, force: true })
  await renameDurably(folder, outboxFolder(workFolder, source))
}

/** Removes what is delivered, superseded or replaced; the last one stays in the outbox for whoever wants to look at it. */
export async function sweepQueue(
  workFolder: string,
  source: string,
  queue: readonly QueuedDelivery[],
): Promise<void> {
  const waiting = new Set(queue.map(({ folder }) => folder))
  for (const folder of await linedUp(workFolder, source)) {
    if (!waiting.has(folder)) await rm(folder, { recursive: true, force: true })
  }
}

/** Others were put behind it, so nobody looks for its files in the outbox. */
export function isLinedUp({ folder }: Pick<QueuedDelivery, 'folder'>): boolean {
  return dirname(folder).endsWith(lineSuffix)
}
