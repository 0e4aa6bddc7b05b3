/**
 * `time.*`.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import { narrowed } from '../value/compare.ts'
import { Duration, Time, ticksPerMillisecond, type Value } from '../value/value.ts'
import { type BuiltIn, builtIn, type Given, numberAt, textAt, valueAt, wrongType } from './built-in.ts'

export const timeFunctions: Readonly<Record<string, BuiltIn>> = {
  'time.current': builtIn([0, 0], ({ context }) => Time.fromMilliseconds(context.now())),
  'time.delta': builtIn([0, 4], delta, ['days', 'hours', 'minutes', 'seconds']),
  'time.parseLocal': builtIn([1, 1], (given) => parse(given, given.context.minutesAhead)),
  'time.parseUTC': builtIn([1, 1], (given) => parse(given, 0)),
  'time.formatLocal': builtIn([1, 2], (given) => format(given, given.context.minutesAhead)),
  'time.formatUTC': builtIn([1, 2], (given) => format(given, 0)),
  'time.toTicks': builtIn([1, 1], (given) => narrowed(timeAt(given, 0).ticks)),
  'time.fromTicks': builtIn([1, 1], (given) => new Time(wholeAt(given, 0))),
  'time.deltaFromTicks': builtIn([1, 1], (given) => new Duration(wholeAt(given, 0))),
}

function delta(given: Given): Value {
  const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 }
  const milliseconds = Object.entries(units).reduce((sum, [unit, factor], index) => {
    const value = given.named.get(unit) ?? given.values[index] ?? 0
    if (typeof value !== 'number') throw wrongType('number', value)
    return sum + value * factor
  }, 0)
  return new Duration(BigInt(Math.round(milliseconds)) * ticksPerMillisecond)
}

function timeAt(given: Given, index: number): Time {
  const value = valueAt(given, index)
  if (value instanceof Time) return value
  throw wrongType('time', value)
}

function wholeAt(given: Given, index: number): bigint {
  const value = valueAt(given, index)
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(numberAt(given, index)))
}

/** `2026-11-29 08:15:30`, with `T` in place of the blank, parts of the time left out, or a zone at its end. */
const written =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/

function parse(given: Given, minutesAhead: number): Value {
  const text = textAt(given, 0).trim()
  const [matched, year, month, day, hours, minutes, seconds, fraction, zone] = written.exec(text) ?? []
  if (matched === undefined)
    throw new RootFailedError('TYPE', `"${text}" is not a time such as 2026-11-29 08:15:30.`)
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const ofDay = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000
  const ahead = zone === undefined ? minutesAhead : minutesOf(zone)
  const time = Time.fromMilliseconds(date + ofDay - ahead * 60_000)
  return new Time(time.ticks + BigInt((fraction ?? '').padEnd(7, '0')))
}

function minutesOf(zone: string): number {
  if (zone === 'Z') return 0
  const [sign, digits] = [zone.startsWith('-') ? -1 : 1, zone.replace(/\D/g, '')]
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)))
}

function format(given: Given, minutesAhead: number): Value {
  const date = new Date(timeAt(given, 0).milliseconds + minutesAhead * 60_000)
  const template = valueAt(given, 1) === null ? '%Y-%m-%d %H:%M:%S' : textAt(given, 1)
  return template.replace(/%([a-zA-Z%])/g, (all, letter: string) => directives[letter]?.(date) ?? all)
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const two = (value: number) => String(value).padStart(2, '0')

/** Those of `strftime`, in English. */
const directives: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  y: (date) => two(date.getUTCFullYear() % 100),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  B: (date) => months[date.getUTCMonth()] ?? '',
  b: (date) => (months[date.getUTCMonth()] ?? '').slice(0, 3),
  A: (date) => weekdays[date.getUTCDay()] ?? '',
  a: (date) => (weekdays[date.getUTCDay()] ?? '').slice(0, 3),
  '%': () => '%',
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}
