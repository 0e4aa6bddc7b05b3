/**
 * Dates and times in the format and the time zone of a mapping.
 *
 * @module
 */
import { type DateFields, type ReadDate, readFormatted, readIsoDate, readIsoDatetime } from './read-date.ts'
import type { ValueFormat } from './source.ts'
import { offsetsOf, startOfDay } from './time-zone.ts'

export function readDateOf({ format }: ValueFormat): ReadDate {
  return format === undefined ? readIsoDate : readFormatted(format)
}

/** A time that says no zone is of the mapping's, or of UTC; one that its zone never shows is none. */
export function readTimeOf({ format, timeZone }: ValueFormat): ReadDate {
  const read = format === undefined ? readIsoDatetime : readFormatted(format)
  if (timeZone === undefined) return read
  const offsetOf = offsetsOf(timeZone)
  return (text) => {
    const fields = read(text)
    if (fields === undefined || fields.offset !== undefined) return fields
    const local = localTime(fields)
    const offset = fields.timed ? offsetOf(local) : startOfDay(offsetOf, local)
    return offset === undefined ? undefined : { ...fields, offset }
  }
}

function localTime({ year, month, day, hour, minute, second }: DateFields): number {
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  return time.setUTCHours(hour, minute, second)
}
