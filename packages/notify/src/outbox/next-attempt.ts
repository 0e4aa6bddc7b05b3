/**
 * When a notification is tried again that its receiver did not take.
 *
 * @module
 */

const [second, minute, hour] = [1000, 60_000, 3_600_000]
/** Milliseconds behind the first try, the second and so on; the last one again and again. */
const distances = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
] as const

/** A receiver may not put us off for longer. */
const longestRetryAfter = 24 * hour

export interface Tried {
  /** How often, from 1. */
  readonly attempts: number
  /** Milliseconds since the first try was due. */
  readonly age: number
  /** Milliseconds that the receiver wants us to wait. */
  readonly retryAfter?: number | undefined
}

/**
 * Milliseconds until the next try, the last of which is when the time is over; `undefined`: it is over. What the receiver
 * asks for is obeyed, beyond that time too: then one more try follows it.
 */
export function nextAttempt(
  { attempts, age, retryAfter = 0 }: Tried,
  giveUpAfter: number,
): number | undefined {
  if (age >= giveUpAfter) return undefined
  const distance = distances[Math.min(attempts, distances.length) - 1] ?? distances[0]
  return Math.max(Math.min(distance, giveUpAfter - age), Math.min(retryAfter, longestRetryAfter))
}
