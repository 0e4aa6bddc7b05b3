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
import { lineSuffix, outboxFolder, readOutbox } from '../outbox/outbox.ts'
import { readQueue } from '../outbox/outbox-queue.ts'
import { SourceBusyError } from '../send/send-errors.ts'
import { alone } from '../send/send-source.ts'

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
  for (const left of await findLeft(options)) {
    signal?.throwIfAborted()
    const { files, bytes } = await sizeOf(left.path)
    if (dryRun === true || (await remove(options, left)))
      found.push({ path: relative(workFolder, left.path), files, bytes })
  }
  return found
}

/** A folder that nobody needs, of a source or of a plan. */
interface Left {
  readonly path: string
  readonly source: string | undefined
}

/** `false`: somebody works on the source, or something of it is on its way by now. */
async function remove(options: SweepOptions, { path, source }: Left): Promise<boolean> {
  const remove = async () => await rm(path, { recursive: true, force: true })
  if (source === undefined) {
    await remove()
    return true
  }
  try {
    return await alone(options, source, async () => {
      if (await isOnItsWay(options, source)) return false
      await remove()
      return true
    })
  } catch (error) {
    if (error instanceof SourceBusyError) return false
    throw error
  }
}

async function findLeft(options: SweepOptions): Promise<readonly Left[]> {
  const { workFolder, keptFor } = options
  const plans = (await foldersIn(workFolder)).filter((name) => /^plan-[A-Za-z0-9]{6}$/.test(name))
  const ofPlans = plans.map((name) => ({ path: join(workFolder, name), source: undefined }))
  const found = await older(ofPlans, longestPlan)
  if (keptFor === undefined) return found
  const ofSources = [...(await leftOfDeliveries(options)), ...(await leftOfRemoved(options))]
  return [...found, ...(await older(ofSources, keptFor))]
}

/** Files of deliveries that are over, and prepared ones that nobody delivered. */
async function leftOfDeliveries(options: SweepOptions): Promise<readonly Left[]> {
  const found: Left[] = []
  for (const place of ['outbox', 'prepared']) {
    const parent = join(options.workFolder, place)
    for (const name of await foldersIn(parent)) {
      const source = name.endsWith(lineSuffix) ? name.slice(0, -lineSuffix.length) : name
      if (!(await isOnItsWay(options, source))) found.push({ path: join(parent, name), source })
    }
  }
  return found
}

/** Names of folders of state that are of no source. */
const ownFolders = new Set(['locks', 'stops', 'executions'])

async function leftOfRemoved(options: SweepOptions): Promise<readonly Left[]> {
  const parent = join(options.workFolder, 'state')
  const found: Left[] = []
  for (const source of await foldersIn(parent)) {
    if (ownFolders.has(source) || options.sources.has(source) || (await isOnItsWay(options, source))) continue
    found.push({ path: join(parent, source), source })
  }
  return found
}

/** Something of the source could still be delivered, or its reference moved by it; or a note cannot be read. */
async function isOnItsWay({ workFolder, sources }: SweepOptions, source: string): Promise<boolean> {
  try {
    const note = await readOutbox(outboxFolder(workFolder, source))
    if (note !== undefined && (note.stage !== 'delivered' || sources.has(source))) return true
    return (await readQueue(workFolder, source)).length > 0
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
async function older(folders: readonly Left[], milliseconds: number): Promise<readonly Left[]> {
  const before = Date.now() - milliseconds
  const found: Left[] = []
  for (const folder of folders) if ((await sizeOf(folder.path)).writtenAt < before) found.push(folder)
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
