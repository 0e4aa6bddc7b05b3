/**
 * The header `Retry-After`: how long a system wants to be left alone.
 *
 * @module
 */

/** Milliseconds, of seconds or of a date; `undefined` where it says nothing that can be understood. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
