/**
 * Keeps a second process out of a repository folder.
 *
 * Node has no file locks, so the lock is a file that names its holder: `lock.<generation>`. A lock
 * whose process is gone counts for nothing, so `kill -9` releases it. A dead lock is never removed
 * to be replaced (two could do so at once and both win): the next generation is created beside it,
 * which only one can, and then the folder is looked at again.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { FolderInUseError } from './errors.ts'

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  command: z.string(),
  startedAt: z.string(),
  /** Tells a process from a later one with the same pid; `null` where the system does not say. */
  processStart: z.string().nullable(),
})
type Holder = z.infer<typeof holderSchema>

interface Lock {
  readonly generation: number
  readonly path: string
  /** `undefined`: the file is not ours to read, or was broken by hand. */
  readonly holder: Holder | undefined
}

export interface FolderLock extends AsyncDisposable {
  readonly path: string
}

const attempts = 8

/** Takes the lock of `folder`, or throws `FolderInUseError` at once when a live process holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  for (let attempt = 1; ; attempt += 1) {
    const taken = await tryLock(folder)
    if (taken.lock) return taken.lock
    if (!taken.collided || attempt === attempts) {
      throw new FolderInUseError(folder, taken.holder, hostname())
    }
    // Two met in the same instant and both stepped back: whoever comes first now has it.
    await sleep(5 + Math.random() * 40)
  }
}

type Outcome =
  | { readonly lock: FolderLock }
  | { readonly lock?: undefined; readonly holder: Holder; readonly collided: boolean }

async function tryLock(folder: string): Promise<Outcome> {
  const before = await locksOf(folder)
  const holder = before.find(isLive)?.holder
  if (holder) return { holder, collided: false }

  const path = join(folder, `lock.${Math.max(0, ...before.map((lock) => lock.generation)) + 1}`)
  const mine = thisProcess()
  if (!(await createWhole(path, `${JSON.stringify(mine)}\n`))) return { holder: mine, collided: true }

  const others = (await locksOf(folder)).filter((lock) => lock.path !== path)
  const rival = others.find(isLive)?.holder
  if (rival) {
    await rm(path, { force: true })
    return { holder: rival, collided: true }
  }
  await Promise.all(others.map((lock) => rm(lock.path, { force: true })))
  return { lock: { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) } }
}

/** Creates a file with its content in one step; false when it exists already. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  await writeFile(draft, content)
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function locksOf(folder: string): Promise<readonly Lock[]> {
  const names = (await readdir(folder)).filter((name) => /^lock\.\d+$/.test(name))
  const locks = await Promise.all(
    names.map(async (name): Promise<Lock | undefined> => {
      const path = join(folder, name)
      const text = await readFile(path, 'utf8').catch(() => undefined)
      // Gone since the folder was listed.
      if (text === undefined) return undefined
      return { generation: Number(name.slice('lock.'.length)), path, holder: decodeHolder(text) }
    }),
  )
  return locks.filter((lock) => lock !== undefined)
}

function decodeHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function isLive(lock: Lock): boolean {
  const { holder } = lock
  if (!holder) return false
  // A folder shared over the network: nobody here can tell, so the other one is believed.
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // Not permitted to signal it: it lives, as somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (holder.processStart === null || process.platform !== 'linux') return true
  return processStart(holder.pid) === holder.processStart
}

function thisProcess(): Holder {
  const [, script = 'node', ...rest] = process.argv
  return {
    pid: process.pid,
    host: hostname(),
    command: [basename(script), ...rest].join(' ').slice(0, 200),
    startedAt: new Date().toISOString(),
    processStart: processStart(process.pid),
  }
}

/** Boot and clock tick a process was started at; `null` when it is gone, a zombie, or on another system than Linux. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; the fields after it are numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${fields[19]}`
  } catch {
    return null
  }
}
