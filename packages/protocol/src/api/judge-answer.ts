/**
 * What an answer that is no success means for whoever asked: whose word it is, and what to do with what was sent.
 *
 * Only the server's own word ends anything. Between it and an agent stand proxies, gateways and login pages, which answer
 * in its name with the same statuses and know nothing of deliveries.
 *
 * @module
 */
import type { ErrorAnswer } from './error-document.ts'

export type Verdict =
  /** The server has looked at it and will never take it. */
  | 'final'
  /** It passes: the same request may be answered otherwise later. */
  | 'again'
  /** Something on the way takes no request of this size; the server itself was never asked. */
  | 'smaller pieces'
  /** Somebody has to mend something: a token, an address, a proxy, a version. What was sent is as good as before. */
  | "operator's"

/** Statuses by which the server refuses what it was sent, in place of how it was asked. */
const refusals: ReadonlySet<number> = new Set([409, 413, 422])
/** A request that took too long, came too early or too often. */
const passing: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * @param status HTTP status, none from 200 to 299.
 * @param document What the server said of it; `undefined` where the answer is not the server's.
 */
export function judgeAnswer(status: number, document: Pick<ErrorAnswer, 'retry'> | undefined): Verdict {
  const passes = status >= 500 || passing.has(status)
  if (document === undefined) {
    if (status === 413) return 'smaller pieces'
    return passes ? 'again' : "operator's"
  }
  if (document.retry ?? passes) return 'again'
  return refusals.has(status) ? 'final' : "operator's"
}
