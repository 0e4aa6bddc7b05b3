/**
 * Which secrets were found to be those of tokens, and which not: so that guessing asks the database little, and whoever has a good
 * token is let in beside those who guess from the same address.
 *
 * Nothing is decided by it: a secret that was good is looked for with every request, because it may be revoked at any time. One that was
 * not stays so for a while. What is kept is the sum of a secret.
 *
 * @module
 */
import { createHash } from 'node:crypto'

/** Secrets that are remembered of each kind; the oldest is forgotten first. */
const most = 10_000
/** Milliseconds for which a secret that was none is believed to be none. */
const noneFor = 30_000

export interface KnownSecrets {
  /** `good`: was a token's when it was last looked for. `none`: was no token's, just now. */
  of(secret: string): 'good' | 'none' | 'unknown'
  remember(secret: string, good: boolean): void
}

/** @param now Milliseconds of a clock that never goes back. */
export function knownSecrets(now: () => number = () => performance.now()): KnownSecrets {
  const good = new Map<string, true>()
  const none = new Map<string, number>()
  return {
    of(secret) {
      const sum = sumOf(secret)
      if (good.has(sum)) return 'good'
      const since = none.get(sum)
      return since !== undefined && now() - since < noneFor ? 'none' : 'unknown'
    },
    remember(secret, isGood) {
      const sum = sumOf(secret)
      good.delete(sum)
      none.delete(sum)
      if (isGood) put(good, sum, true)
      else put(none, sum, now())
    },
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

function sumOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
