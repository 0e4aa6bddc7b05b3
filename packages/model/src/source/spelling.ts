/**
 * One spelling for each value by which resources are named.
 *
 * `0042`, `+42` and `42` are one number, and a UUID is the same in capitals: what names a resource is compared by its value.
 * So a column of such names is written in one spelling before rows are sorted and compared, the spelling in which the
 * repository writes the value as text; a test holds the two equal.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { legalValue } from './legal-value.ts'
import { type DateFields, readFormatted, readIsoDate, readIsoDatetime } from './read-date.ts'
import type { ValueFormat } from './source.ts'

export interface Spelling {
  /** Type and format: columns that are read alike have the same. */
  readonly id: string
  /** The spelling of the value that the text stands for; `undefined` where it stands for none. */
  of(text: string): string | undefined
  /** Hardly a text of the column will be in this spelling already, because it is written in a format of its own. */
  readonly foreign: boolean
  /** What a text that stands for a value looks like, for people. */
  readonly expected: string
}

type Write = (text: string) => string | undefined

/** How texts of the property are spelled; `undefined` where each text is a value of its own. */
export function spellingOf(property: Property, format: ValueFormat): Spelling | undefined {
  const write = writerOf(property, format)
  if (write === undefined) return undefined
  const { isLegal, expected } = legalValue(property, format)
  const own = formatOf(format)
  return {
    id: [property.type, ...(own === '' ? [] : [own])].join(' '),
    of: (text) => (isLegal(text) ? write(text) : undefined),
    foreign: own !== '',
    expected,
  }
}

/** Reads as `first` does, and what that cannot read as `second` does. */
export function eitherSpelling(first: Spelling, second: Spelling): Spelling {
  return { ...first, id: `${first.id} or ${second.id}`, of: (text) => first.of(text) ?? second.of(text) }
}

function formatOf({ format, decimalSeparator, thousandsSeparator, words }: ValueFormat): string {
  const options = [
    format,
    decimalSeparator === '.' ? undefined : decimalSeparator,
    thousandsSeparator,
    words && JSON.stringify([words.true, words.false]),
  ]
  return options.filter((option) => option !== undefined).join(' ')
}

function writerOf(property: Property, format: ValueFormat): Write | undefined {
  switch (property.type) {
    case 'integer':
    case 'decimal':
      return (text) => plainNumber(text, format)
    case 'boolean': {
      const truths = format.words?.true
      return (text) => String(truths === undefined ? text.toLowerCase() === 'true' : truths.includes(text))
    }
    case 'uuid':
      return (text) => text.toLowerCase()
    case 'date': {
      const read = format.format === undefined ? readIsoDate : readFormatted(format.format)
      return (text) => {
        const fields = read(text)
        return fields && dayOf(fields.year, fields.month, fields.day)
      }
    }
    case 'datetime': {
      const read = format.format === undefined ? readIsoDatetime : readFormatted(format.format)
      return (text) => {
        const fields = read(text)
        return fields && instant(fields)
      }
    }
    case 'string':
    case 'text':
    case 'enum':
    case 'file':
    case 'secret':
    case 'reference':
      return undefined
  }
}

/** Digits without sign, zeros and separators that say nothing. */
function plainNumber(text: string, { thousandsSeparator, decimalSeparator }: ValueFormat): string {
  const joined = thousandsSeparator === undefined ? text : text.replaceAll(thousandsSeparator, '')
  const [whole = '', fraction = ''] = joined.split(decimalSeparator ?? '.')
  const before = whole.replace(/^[+-]?0*(?=[0-9])/, '')
  const behind = fraction.replace(/0+$/, '')
  const digits = behind === '' ? before : `${before}.${behind}`
  return text.startsWith('-') && digits !== '0' ? `-${digits}` : digits
}

function dayOf(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), twoDigits(month), twoDigits(day)].join('-')
}

const microseconds = 1_000_000

/** As PostgreSQL writes it in UTC. `undefined` where UTC is in a year that has not four digits. */
function instant({
  year,
  month,
  day,
  hour,
  minute,
  second,
  fraction,
  offset,
}: DateFields): string | undefined {
  const micro = roundedToEven(Number(`0.${fraction || '0'}`) * microseconds)
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  time.setUTCHours(hour, minute - offset, second + (micro === microseconds ? 1 : 0))
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
