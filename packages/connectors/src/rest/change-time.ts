/**
 * Times as systems write them: ISO 8601, with a blank in place of the T, or seconds and milliseconds since 1970.
 *
 * @module
 */

const written = /^(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/
const day = /^\d{4}-\d\d-\d\d$/

/** The later of two. */
export function later(one: string | undefined, other: string): string {
  if (one === undefined) return other
  const [first, second] = [instantOf(one), instantOf(other)]
  if (first === undefined || second === undefined) return one > other ? one : other
  return first >= second ? one : other
}

/** So many milliseconds before, written in the same way; what is no time stays as it is. */
export function earlier(time: string, milliseconds: number): string {
  const instant = instantOf(time)
  if (instant === undefined) return time
  const before = instant - milliseconds
  if (/^\d+$/.test(time)) return String(time.length > 11 ? before : Math.floor(before / 1000))
  const [, , between = 'T', , , zone] = written.exec(time) ?? []
  const text = new Date(before).toISOString()
  if (day.test(time)) return text.slice(0, 10)
  // In another zone the clock would have to be put back again: Z is the same instant.
  return `${text.slice(0, 10)}${between}${text.slice(11, 19)}${zone === undefined ? '' : 'Z'}`
}

/** Milliseconds since 1970; a time without a zone is taken for UTC. */
function instantOf(time: string): number | undefined {
  if (/^\d{9,11}$/.test(time)) return Number(time) * 1000
  if (/^\d{12,14}$/.test(time)) return Number(time)
  const [, date, , clock, fraction = '', zone = 'Z'] = written.exec(time) ?? []
  const instant = day.test(time)
    ? Date.parse(time)
    : Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(instant) ? undefined : instant
}
