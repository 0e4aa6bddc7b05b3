/**
 * The header `Retry-After`: how long a receiver wants us to wait.
 *
 * @module
 */

/** Milliseconds; `undefined` where it says nothing that can be understood. */
export function retryAfterOf(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
