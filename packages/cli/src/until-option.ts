/**
 * Options that say until when or since when: an instant, or how long from now on or ago.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander'

const duration = /^(\d{1,5})\s*([mhd])$/
const milliseconds = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const instant = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?)?$/i
const zoned = /(?:Z|UTC|[+-]\d\d:?\d\d)$/i

/** The instant, in UTC. One without a time zone is in UTC, as all times that are shown. */
export function parseUntil(text: string, _before?: unknown, now = Date.now()): string {
  const at = parseInstant(text, (length) => now + length)
  if (at !== undefined) return at
  throw new InvalidArgumentError(
    'It must be an instant such as 2026-12-01T08:00Z, or a time from now on such as 12h or 2d.',
  )
}

/** The instant, in UTC, of an option that says since when: an instant, or how long ago. */
export function parseSince(text: string, _before?: unknown, now = Date.now()): string {
  const at = parseInstant(text, (length) => now - length)
  if (at !== undefined) return at
  throw new InvalidArgumentError(
    'It must be an instant such as 2026-12-01T08:00Z, or how long ago, such as 12h or 30d.',
  )
}

function parseInstant(text: string, fromNow: (length: number) => number): string | undefined {
  const [, number, unit] = duration.exec(text.trim()) ?? []
  if (unit === 'm' || unit === 'h' || unit === 'd')
    return new Date(fromNow(Number(number) * milliseconds[unit])).toISOString()
  if (instant.test(text.trim())) {
    const written = text
      .trim()
      .replace(' ', 'T')
      .replace(/\s*UTC$/i, 'Z')
    const [date = '', time = '00:00Z'] = written.split(/T/i)
    const at = Date.parse(zoned.test(time) ? `${date}T${time}` : `${date}T${time}Z`)
    if (!Number.isNaN(at)) return new Date(at).toISOString()
  }
  return undefined
}
