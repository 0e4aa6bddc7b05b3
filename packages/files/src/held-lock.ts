/**
 * A lock that this process has: it says again and again that it lives, and proves before it writes that it still has it.
 *
 * Whoever was paused cannot know for how long. So nothing is written on the strength of a lock that was not renewed just
 * now: it is renewed first, and where another process has taken it over meanwhile, nothing is written any more.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { LockLostError } from './lock-errors.ts'
import { type LockClaim, pathOf, removeLockFile, renewLockFile } from './lock-file.ts'
import { type Clocks, isWithin, now } from './two-clocks.ts'

/** Milliseconds. */
export interface LockTimes {
  /** Between two signs of life. */
  readonly beat: number
  /** After so long without one, others take the lock over. */
  readonly expiry: number
}

export const usualTimes: LockTimes = { beat: 2000, expiry: 20_000 }

/**
 * By which a thread that must not load much sees how the lock of its process is. It waits where that was not renewed
 * just now; the process renews it, or finds that it is lost, as soon as it is awake.
 */
export interface SharedLock {
  /** Two doubles: when it was renewed last, by both clocks of `two-clocks.ts`, the steady one first. */
  readonly renewedAt: SharedArrayBuffer
  /** One 32-bit integer, notified when it changes: how often it was renewed, or -1 when it is lost. */
  readonly renewals: SharedArrayBuffer
  /** Milliseconds for which a renewal counts. */
  readonly fresh: number
}

export class HeldLock implements AsyncDisposable {
  readonly path: string
  readonly shared: SharedLock
  readonly #claim: LockClaim
  readonly #times: LockTimes
  readonly #renewedAt: Float64Array
  readonly #renewals: Int32Array
  readonly #beat: NodeJS.Timeout
  #lost: LockLostError | undefined

  constructor(claim: LockClaim, times: LockTimes) {
    this.#claim = claim
    this.#times = times
    this.path = pathOf(claim)
    this.shared = {
      renewedAt: new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT),
      renewals: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
      // Well before others take it over, and long enough for a beat that comes late.
      fresh: times.expiry / 4,
    }
    this.#renewedAt = new Float64Array(this.shared.renewedAt)
    this.#renewals = new Int32Array(this.shared.renewals)
    this.#renewed(now())
    this.#beat = setInterval(() => this.#sayAlive(), times.beat).unref()
  }

  /** Throws `LockLostError` where it may be another one's by now. Costs nothing when it was renewed just now. */
  check(): void {
    if (this.#lost !== undefined) throw this.#lost
    if (!this.#isWithin(this.shared.fresh, now())) this.#renew()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat)
    if (this.#lost === undefined) removeLockFile(this.#claim)
  }

  /** That it is lost is told to whoever writes next. */
  #sayAlive(): void {
    try {
      this.#renew()
    } catch {
      clearInterval(this.#beat)
    }
  }

  #renew(): void {
    const at = now()
    const found = this.#tryRenew(at)
    if (found === true) this.#renewed(at)
    if (found === true || found === 'unsure') return
    this.#lost = new LockLostError(this.path, found === false ? undefined : found)
    this.#renewals[0] = -1
    Atomics.notify(this.#renewals, 0)
    throw this.#lost
  }

  /** `false`, or why not. A file system that does not answer now may do so soon; but not for longer than others are patient. */
  #tryRenew(at: Clocks): boolean | 'unsure' | Error {
    try {
      return renewLockFile(this.#claim)
    } catch (cause) {
      if (this.#isWithin(this.#times.expiry / 2, at)) return 'unsure'
      return cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  #isWithin(milliseconds: number, at: Clocks): boolean {
    return isWithin(milliseconds, this.#renewedAt, at)
  }

  #renewed({ steady, wall }: Clocks): void {
    this.#renewedAt[0] = steady
    this.#renewedAt[1] = wall
    Atomics.add(this.#renewals, 0, 1)
    Atomics.notify(this.#renewals, 0)
  }
}

const around = new AsyncLocalStorage<readonly HeldLock[]>()

/** Does `work` on the strength of the lock: what it writes is written only while the lock is this process's. */
export function withinLock<T>(lock: HeldLock, work: () => Promise<T>): Promise<T> {
  return around.run([...(around.getStore() ?? []), lock], work)
}

/**
 * To be called before anything is written that another process goes by. Throws `LockLostError` when a lock was taken over
 * within which this is done.
 */
export function checkLocks(): void {
  for (const lock of around.getStore() ?? []) lock.check()
}
