/**
 * Which texts of a source are values of a property.
 *
 * The engine holds the same rule as SQL, for whole columns at once; a test holds the two equal. Here it serves the few rows of
 * which there are several with one key, before any database sees them.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import type { PropertyMapping } from './source.ts'

export interface LegalValue {
  /** Whether a text that is not empty is a value. */
  isLegal(text: string): boolean
  /** What a legal value looks like, for people. */
  readonly expected: string
}

const everyText: LegalValue = { isLegal: () => true, expected: 'a text' }
/** What is looked up stands in an index, of which PostgreSQL's entries take 2,704 bytes. */
const longestLookedUp = 2500

export function legalValue(property: Property, mapping: PropertyMapping): LegalValue {
  switch (property.type) {
    case 'string':
    case 'text':
      return everyText
    case 'enum':
      return {
        isLegal: (text) => property.values.includes(text),
        expected: `one of ${property.values.join(', ')}`,
      }
    case 'integer':
      return { isLegal: integer(mapping), expected: 'a whole number' }
    case 'decimal':
      return decimal(mapping)
    case 'boolean':
      return boolean(mapping)
    case 'uuid':
      return { isLegal: (text) => uuid.test(text), expected: 'a UUID' }
    case 'date':
      return mapping.format === undefined
        ? { isLegal: isIsoDate, expected: 'a date such as 2026-11-21' }
        : { isLegal: formatted(mapping.format), expected: `a date in the form ${mapping.format}` }
    case 'datetime':
      return mapping.format === undefined
        ? { isLegal: isIsoDatetime, expected: 'a time such as 2026-11-21T22:24:16Z' }
        : { isLegal: formatted(mapping.format), expected: `a time in the form ${mapping.format}` }
    case 'reference':
      return {
        isLegal: (text) => new TextEncoder().encode(text).length <= longestLookedUp,
        expected: `at most ${longestLookedUp} bytes long, as what is looked up has to be`,
      }
    case 'file':
      return mapping.encoding === 'hex'
        ? { isLegal: (text) => /^([0-9a-fA-F]{2})*$/.test(text), expected: 'hexadecimal digits' }
        : { isLegal: isBase64, expected: 'base64' }
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Digits, in groups of three where a separator stands between them. */
function digits({ thousandsSeparator }: PropertyMapping): string {
  if (thousandsSeparator === undefined) return '[0-9]+'
  return `(?:[0-9]+|[0-9]{1,3}(?:${escaped(thousandsSeparator)}[0-9]{3})+)`
}

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

function integer(mapping: PropertyMapping): (text: string) => boolean {
  const form = new RegExp(`^[+-]?${digits(mapping)}$`)
  return (text) => {
    if (!form.test(text)) return false
    const plain = text.replaceAll(mapping.thousandsSeparator ?? '', '')
    if (plain.length <= 18) return true
    if (plain.length > 100) return false
    const value = BigInt(plain.replace('+', ''))
    return value >= least && value <= most
  }
}

function decimal(mapping: PropertyMapping): LegalValue {
  const comma = mapping.decimalSeparator === ','
  const form = new RegExp(`^[+-]?${digits(mapping)}(?:${comma ? ',' : '\\.'}[0-9]+)?$`)
  return {
    isLegal: (text) => text.length < 1000 && form.test(text),
    expected: `a decimal number such as ${comma ? '1234,5' : '1234.5'}`,
  }
}

function boolean({ words }: PropertyMapping): LegalValue {
  if (words === undefined) {
    return { isLegal: (text) => /^(true|false)$/i.test(text), expected: 'one of true, false' }
  }
  const all = [...words.true, ...words.false]
  return { isLegal: (text) => all.includes(text), expected: `one of ${all.join(', ')}` }
}

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/

const isoDate = '([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
const time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?'
const zone = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?'
const isoDateForm = new RegExp(`^${isoDate}$`)
const isoDatetimeForm = new RegExp(`^${isoDate}([T ]${time}${zone})?$`)

function isIsoDate(text: string): boolean {
  const found = isoDateForm.exec(text)
  return found !== null && dayExists(Number(found[1]), Number(found[2]), Number(found[3]))
}

function isIsoDatetime(text: string): boolean {
  const found = text.length < 60 ? isoDatetimeForm.exec(text) : null
  return found !== null && dayExists(Number(found[1]), Number(found[2]), Number(found[3]))
}

function dayExists(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = [4, 6, 9, 11].includes(month) ? 30 : month === 2 ? (leap ? 29 : 28) : 31
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= last
}

const token = /(yyyy|SSS|MM|dd|HH|mm|ss|M|d|H)/
const shortNames: Readonly<Record<string, string>> = { MM: 'M', dd: 'd', HH: 'H' }

function formatted(format: string): (text: string) => boolean {
  const pieces = format.split(token).filter((piece) => piece !== '')
  const parts = pieces.map((piece) => {
    if (!token.test(piece)) return escaped(piece)
    return `(?<${shortNames[piece] ?? piece}>[0-9]${piece.length === 1 ? '{1,2}' : `{${piece.length}}`})`
  })
  const form = new RegExp(`^${parts.join('')}$`)
  return (text) => {
    const found = form.exec(text)?.groups
    if (found === undefined) return false
    const part = (name: string, absent: number) => Number(found[name] ?? absent)
    return (
      dayExists(part('yyyy', 1970), part('M', 1), part('d', 1)) &&
      part('H', 0) <= 23 &&
      part('mm', 0) <= 59 &&
      part('ss', 0) <= 59
    )
  }
}

function isBase64(text: string): boolean {
  const packed = text.replaceAll(/[ \t\n\v\f\r]/g, '')
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*=?=?$/.test(packed)
}
