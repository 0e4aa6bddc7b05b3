/**
 * Lets one process at a time have a folder, or do something in it: a repository, a source, a job.
 *
 * Node has no file locks, so a lock is a file that names its holder, who says again and again that it lives. A holder that
 * can be looked at and is gone counts for nothing, so that `kill -9` releases it at once; one of another machine or
 * container is watched, and counts for nothing when it gave no sign of life for `expiry`. A dead lock is never removed to be
 * replaced (two could do so at once and both win); the next generation is created beside it, which only one can, and
 * then the folder is looked at again.
 *
 * @module
 */
import { channel } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeldLock, type LockTimes, usualTimes } from './held-lock.ts'
import {
  createLockFile,
  type LockClaim,
  type LockFile,
  lockFiles,
  makeLockFolder,
  pathOf,
  removeDeadLock,
  removeLockFile,
} from './lock-file.ts'
import { describeHolder, type LockHolder, livenessOf, newHolder } from './lock-holder.ts'

export type Lock =
  | ({ readonly kind: 'locked'; readonly path: string; readonly held: HeldLock } & AsyncDisposable)
  /** Somebody else is at it. */
  | ({ readonly kind: 'busy'; readonly path: string; readonly holder: LockHolder } & AsyncDisposable)

/** A lock file that its holder is still writing has its text soon, or never. Milliseconds. */
const writing = 3000

const waits = channel('sluice:lock-wait')

/** Calls `listener` with a sentence each time this process begins to watch whether the holder of a lock lives. */
export function onLockWait(listener: (sentence: string) => void): void {
  waits.subscribe((message) => listener(String(message)))
}

/**
 * Takes the lock `<folder>/<name>.<generation>`, or says who has it: at once where that can be seen, else as soon as it gives
 * a sign of life. Dispose either. Throws `LockFileError` and `DiskFullError`.
 */
export async function takeLock(folder: string, name: string, times: LockTimes = usualTimes): Promise<Lock> {
  makeLockFolder(folder)
  for (let attempt = 1; ; attempt += 1) {
    const rivals = lockFiles(folder, name)
    const alive = await firstAlive(rivals, { folder, name }, times)
    if (alive !== undefined) return busy(alive)
    const claim = { folder, name, generation: nextBehind(rivals), holder: newHolder() }
    const met = createLockFile(claim)
      ? meetRivals(claim, rivals)
      : { path: pathOf(claim), holder: claim.holder }
    if (met === undefined) return locked(claim, times)
    // Two met in the same instant and both stepped back: whoever comes first now has it.
    if (attempt === 20) return busy(met)
    await sleep(5 + Math.random() * 40)
  }
}

interface Rival {
  readonly path: string
  readonly holder: LockHolder
}

function busy({ path, holder }: Rival): Lock {
  return { kind: 'busy', path, holder, [Symbol.asyncDispose]: async () => {} }
}

function locked(claim: LockClaim, times: LockTimes): Lock {
  const held = new HeldLock(claim, times)
  const dispose = () => held[Symbol.asyncDispose]()
  return { kind: 'locked', path: held.path, held, [Symbol.asyncDispose]: dispose }
}

function nextBehind(rivals: readonly LockFile[]): number {
  return Math.max(0, ...rivals.map(({ generation }) => generation)) + 1
}

async function firstAlive(
  rivals: readonly LockFile[],
  { folder, name }: Pick<LockClaim, 'folder' | 'name'>,
  times: LockTimes,
): Promise<Rival | undefined> {
  const seen = rivals.map((rival) => ({
    ...rival,
    liveness: rival.holder === undefined ? 'unknown' : livenessOf(rival.holder),
  }))
  const alive = seen.find(({ liveness }) => liveness === 'lives')
  if (alive?.holder !== undefined) return { path: alive.path, holder: alive.holder }
  const doubtful = seen.filter(({ liveness }) => liveness === 'unknown')
  return doubtful.length === 0 ? undefined : await watch(doubtful, { folder, name }, times)
}

/** The first of whom nothing can be known otherwise that gives a sign of life; `undefined` when none does, or all let go. */
async function watch(
  doubtful: readonly LockFile[],
  { folder, name }: Pick<LockClaim, 'folder' | 'name'>,
  times: LockTimes,
): Promise<Rival | undefined> {
  const texts = new Map(doubtful.map(({ path, text }) => [path, text]))
  const named = doubtful.flatMap(({ path, holder }) => (holder === undefined ? [] : [{ path, holder }]))[0]
  const expiry = named === undefined ? Math.min(writing, times.expiry) : times.expiry
  const begun = performance.now()
  let reported = false
  for (;;) {
    await sleep(Math.min(times.beat, 250))
    const since = performance.now() - begun
    const there = lockFiles(folder, name).filter(({ path }) => texts.has(path))
    const awake = there.find(({ path, text }) => texts.get(path) !== text)
    if (awake?.holder !== undefined) return { path: awake.path, holder: awake.holder }
    if (there.length === 0 || since >= expiry) return undefined
    if (named === undefined || reported || since < times.beat * 1.5) continue
    reported = true
    waits.publish(waitingFor(named, times))
  }
}

function waitingFor({ path, holder }: Rival, { expiry }: LockTimes): string {
  return `${path} is locked by ${describeHolder(holder)}, which gives no sign of life; it is taken over in ${Math.round(expiry / 1000)} seconds at the latest.`
}

/**
 * Whoever else came or woke up meanwhile; `undefined` when all others are dead, whose files are removed then.
 *
 * @param dead As they were when they were found to be.
 */
function meetRivals(claim: LockClaim, dead: readonly LockFile[]): Rival | undefined {
  const own = pathOf(claim)
  const texts = new Map(dead.map(({ path, text }) => [path, text]))
  const found = lockFiles(claim.folder, claim.name)
  const others = found.filter(({ path }) => path !== own)
  const woken = others.find(({ path, text }) => texts.get(path) !== text)
  // A process that was paused while it created its own may find it removed.
  const removed = !found.some(({ path, holder }) => path === own && holder?.id === claim.holder.id)
  if (woken === undefined && !removed) {
    for (const { path } of others) removeDeadLock(path)
    return undefined
  }
  removeLockFile(claim)
  return { path: woken?.path ?? own, holder: woken?.holder ?? claim.holder }
}
