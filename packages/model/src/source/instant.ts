/**
 * Dates and times as PostgreSQL writes them.
 *
 * @module
 */
import type { DateFields } from './read-date.ts'

export function dayOf(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), twoDigits(month), twoDigits(day)].join('-')
}

const microseconds = 1_000_000

/** As PostgreSQL writes it in UTC, where nothing says in which zone it is. `undefined` where UTC is in a year that has not four digits. */
export function instantOf({
  year,
  month,
  day,
  hour,
  minute,
  second,
  fraction,
  offset = 0,
}: DateFields): string | undefined {
  const micro = roundedToEven(Number(`0.${fraction || '0'}`) * microseconds)
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute, second - offset + (micro === microseconds ? 1 : 0))
  const utcYear = time.getUTCFullYear()
  if (utcYear < 1 || utcYear > 9999) return undefined
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(twoDigits).join(':')
  const behind = (micro % microseconds === 0 ? '' : `.${String(micro).padStart(6, '0')}`).replace(/0+$/, '')
  return `${dayOf(utcYear, time.getUTCMonth() + 1, time.getUTCDate())} ${clock}${behind}+00`
}

/** Halves go to the even neighbour, as in C. */
function roundedToEven(value: number): number {
  const below = Math.floor(value)
  const half = value - below === 0.5
  return half ? below + (below % 2) : Math.round(value)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
