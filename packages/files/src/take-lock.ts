/**
 * Lets one process at a time have a folder, or do something in it: a repository, a source, a job.
 *
 * Node has no file locks, so a lock is a file that names its holder: one whose process is gone counts for nothing, so
 * that `kill -9` releases it. A dead lock is never removed to be replaced (two could do so at once and both win); the next
 * generation is created beside it, which only one can, and then the folder is looked at again.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  command: z.string(),
  startedAt: z.string(),
  /** Tells a process from a later one with the same pid; `null` where the system does not say. */
  processStart: z.string().nullable(),
})
export type LockHolder = z.infer<typeof holderSchema>

export type Lock =
  | ({ readonly kind: 'locked'; readonly path: string } & AsyncDisposable)
  /** Somebody else is at it. */
  | ({ readonly kind: 'busy'; readonly holder: LockHolder } & AsyncDisposable)

/** Takes the lock `<folder>/<name>.<generation>`, or says at once who has it. Dispose either. */
export async function takeLock(folder: string, name: string): Promise<Lock> {
  await mkdir(folder, { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    const taken = await tryLock(folder, name)
    // Two met in the same instant and both stepped back: whoever comes first now has it.
    if (taken.kind !== 'collided') return taken
    if (attempt === 20) return { kind: 'busy', holder: taken.holder, [Symbol.asyncDispose]: nothing }
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40))
  }
}

/** `process 123 on host (sluice sync hr)` */
export function describeHolder({ pid, host, command }: LockHolder): string {
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`} (${command})`
}

const nothing = async (): Promise<void> => {}

interface LockFile {
  readonly path: string
  readonly generation: number
  /** `undefined`: broken by hand. */
  readonly holder: LockHolder | undefined
}

async function tryLock(
  folder: string,
  name: string,
): Promise<Lock | { readonly kind: 'collided'; readonly holder: LockHolder }> {
  const before = await locksOf(folder, name)
  const holder = before.find(isLive)?.holder
  if (holder !== undefined) return { kind: 'busy', holder, [Symbol.asyncDispose]: nothing }

  const generation = Math.max(0, ...before.map((lock) => lock.generation)) + 1
  const path = join(folder, `${name}.${generation}`)
  const mine = thisProcess()
  if (!(await createWhole(path, `${JSON.stringify(mine)}\n`))) return { kind: 'collided', holder: mine }

  const others = (await locksOf(folder, name)).filter((lock) => lock.path !== path)
  const rival = others.find(isLive)?.holder
  if (rival !== undefined) {
    await rm(path, { force: true })
    return { kind: 'collided', holder: rival }
  }
  await Promise.all(others.map((lock) => rm(lock.path, { force: true })))
  return { kind: 'locked', path, [Symbol.asyncDispose]: () => rm(path, { force: true }) }
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

async function locksOf(folder: string, name: string): Promise<readonly LockFile[]> {
  const beginning = `${name}.`
  const found: LockFile[] = []
  for (const entry of await readdir(folder)) {
    const generation = entry.startsWith(beginning) ? entry.slice(beginning.length) : ''
    if (!/^\d+$/.test(generation)) continue
    const path = join(folder, entry)
    const text = await readFile(path, 'utf8').catch(() => undefined)
    // Gone since the folder was listed.
    if (text === undefined) continue
    found.push({ path, generation: Number(generation), holder: decodeHolder(text) })
  }
  return found
}

function decodeHolder(text: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function isLive({ holder }: LockFile): boolean {
  if (holder === undefined) return false
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

function thisProcess(): LockHolder {
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
