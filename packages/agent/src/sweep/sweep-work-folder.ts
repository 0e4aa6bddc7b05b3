/**
 * What lies in a work folder and nobody needs: folders of plans whose process died, files of deliveries that are over, and the state of
 * sources that the configuration no longer names.
 *
 * Nothing goes that could still be delivered: a source with a delivery on its way keeps all of it, whatever its age. A link is never
 * followed, and nothing is looked for outside of the folders that Sluice itself makes.
 *
 * @module
 */
import { lstat, readdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { lineSuffix, readOutbox } from '../outbox/outbox.ts'
import { readQueue } from '../outbox/outbox-queue.ts'
import { findAgentHolder } from '../send/agent-lock.ts'

export interface SweepOptions {
  readonly workFolder: string
  /** Names of those that the configuration has. */
  readonly sources: ReadonlySet<string>
  /** Milliseconds since anything was last written; `undefined`: for ever. */
  readonly keptFor: number | undefined
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** What went, or would go. */
export interface Swept {
  /** Relative to the work folder. */
  readonly path: string
  readonly files: number
  readonly bytes: number
}

/** No plan takes so long. */
const longestPlan = 86_400_000

export async function sweepWorkFolder(options: SweepOptions): Promise<readonly Swept[]> {
  const { workFolder, dryRun, signal } = options
  const found: Swept[] = []
  for (const path of await sweepable(options)) {
    signal?.throwIfAborted()
    const size = await sizeOf(path)
    if (dryRun !== true) await rm(path, { recursive: true, force: true })
    found.push({ path: relative(workFolder, path), files: size.files, bytes: size.bytes })
  }
  return found
}

async function sweepable(options: SweepOptions): Promise<readonly string[]> {
  const { workFolder, keptFor } = options
  const plans = (await foldersIn(workFolder)).filter((name) => /^plan-[A-Za-z0-9]{6}$/.test(name))
  const found = await older(
    plans.map((name) => join(workFolder, name)),
    longestPlan,
  )
  if (keptFor === undefined) return found
  const sides = await older(await restOf(options), keptFor)
  const states = await older(await statesOfRemoved(options), keptFor)
  return [...found, ...sides, ...states]
}

/** Files of deliveries that are over, prepared ones that nobody delivered, by source; of one on its way there is none. */
async function restOf({ workFolder }: SweepOptions): Promise<readonly string[]> {
  const found: string[] = []
  for (const place of ['outbox', 'prepared']) {
    for (const name of await foldersIn(join(workFolder, place))) {
      const source = name.endsWith(lineSuffix) ? name.slice(0, -lineSuffix.length) : name
      if (!(await mayBeDelivered(workFolder, source))) found.push(join(workFolder, place, name))
    }
  }
  return found
}

/** Names of folders of state that are of no source. */
const ownFolders = new Set(['locks', 'stops', 'executions'])

async function statesOfRemoved({ workFolder, sources }: SweepOptions): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of await foldersIn(join(workFolder, 'state'))) {
    if (ownFolders.has(name) || sources.has(name) || (await mayBeDelivered(workFolder, name))) continue
    found.push(join(workFolder, 'state', name))
  }
  return found
}

/** Somebody works on the source, or something of it is on its way, or cannot be read. */
async function mayBeDelivered(workFolder: string, source: string): Promise<boolean> {
  if (findAgentHolder(workFolder, `source-${source}`) !== undefined) return true
  try {
    const note = await readOutbox(join(workFolder, 'outbox', source))
    const waits = note !== undefined && note.stage !== 'delivered'
    return waits || (await readQueue(workFolder, source)).length > 0
  } catch {
    return true
  }
}

/** Names of the folders in a folder, itself no link. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  if (!(await isFolder(folder))) return []
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true
}

/** Those of the folders in which nothing was written for so many milliseconds. */
async function older(folders: readonly string[], milliseconds: number): Promise<readonly string[]> {
  const before = Date.now() - milliseconds
  const found: string[] = []
  for (const folder of folders) if ((await sizeOf(folder)).writtenAt < before) found.push(folder)
  return found
}

interface Size {
  readonly files: number
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly writtenAt: number
}

async function sizeOf(path: string): Promise<Size> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return { files: 0, bytes: 0, writtenAt: 0 }
  if (!found.isDirectory()) return { files: 1, bytes: found.size, writtenAt: found.mtimeMs }
  let sum: Size = { files: 0, bytes: 0, writtenAt: found.mtimeMs }
  for (const name of await readdir(path)) {
    const { files, bytes, writtenAt } = await sizeOf(join(path, name))
    sum = {
      files: sum.files + files,
      bytes: sum.bytes + bytes,
      writtenAt: Math.max(sum.writtenAt, writtenAt),
    }
  }
  return sum
}
