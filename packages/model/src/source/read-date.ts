/**
 * Texts of dates and times, taken apart.
 *
 * The engine holds the same rules as SQL, for whole columns at once.
 *
 * @module
 */

/** A day that exists, and a time of it. */
export interface DateFields {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Digits behind the point. */
  readonly fraction: string
  /** Seconds ahead of UTC; absent where the text does not say. */
  readonly offset?: number | undefined
  /** A time was written, and not only the day. */
  readonly timed: boolean
}

/** `undefined`: the text is none. */
export type ReadDate = (text: string) => DateFields | undefined

const date = '(?<yyyy>[0-9]{4})-(?<M>0[1-9]|1[0-2])-(?<d>0[1-9]|[12][0-9]|3[01])'
const time = '(?<H>[01][0-9]|2[0-3]):(?<mm>[0-5][0-9])(:(?<ss>[0-5][0-9])(\\.(?<SSS>[0-9]+))?)?'
const zone = '((?<utc>Z)|(?<sign>[+-])(?<zoneHour>0[0-9]|1[0-4])(:?(?<zoneMinute>[0-5][0-9]))?)?'
const isoDateForm = new RegExp(`^${date}$`)
const isoDatetimeForm = new RegExp(`^${date}([T ]${time}${zone})?$`)

export const readIsoDate: ReadDate = (text) => fieldsOf(isoDateForm.exec(text))

/** A date is its midnight. */
export const readIsoDatetime: ReadDate = (text) =>
  text.length < 60 ? fieldsOf(isoDatetimeForm.exec(text)) : undefined

const token = /(yyyy|SSS|MM|dd|HH|mm|ss|M|d|H)/
const shortNames: Readonly<Record<string, string>> = { MM: 'M', dd: 'd', HH: 'H' }

/** `format` is made of tokens (`dd/MM/yyyy HH:mm`). */
export function readFormatted(format: string): ReadDate {
  const pieces = format.split(token).filter((piece) => piece !== '')
  const parts = pieces.map((piece) => {
    if (!token.test(piece)) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return `(?<${shortNames[piece] ?? piece}>[0-9]${piece.length === 1 ? '{1,2}' : `{${piece.length}}`})`
  })
  const form = new RegExp(`^${parts.join('')}$`)
  return (text) => fieldsOf(form.exec(text))
}

function fieldsOf(found: RegExpExecArray | null): DateFields | undefined {
  const groups = found?.groups
  if (groups === undefined) return undefined
  const number = (name: string, absent: number) => Number(groups[name] ?? absent)
  const east = number('zoneHour', 0) * 3600 + number('zoneMinute', 0) * 60
  const fields = {
    year: number('yyyy', 1970),
    month: number('M', 1),
    day: number('d', 1),
    hour: number('H', 0),
    minute: number('mm', 0),
    second: number('ss', 0),
    fraction: groups['SSS'] ?? '',
    offset: isZoned(groups) ? (groups['sign'] === '-' ? -east : east) : undefined,
    timed: groups['H'] !== undefined,
  }
  return exists(fields) ? fields : undefined
}

function isZoned(groups: Readonly<Record<string, string | undefined>>): boolean {
  return groups['utc'] !== undefined || groups['sign'] !== undefined
}

function exists({ year, month, day, hour, minute, second }: DateFields): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = [4, 6, 9, 11].includes(month) ? 30 : month === 2 ? (leap ? 29 : 28) : 31
  const dayExists = year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= last
  return dayExists && hour <= 23 && minute <= 59 && second <= 59
}
