/**
 * Which texts of a source are values of a property.
 *
 * The engine holds the same rule as SQL, for whole columns at once; a test holds the two equal. Here it serves the few rows of
 * which there are several with one key, before any database sees them.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { type ReadDate, readFormatted, readIsoDate, readIsoDatetime } from './read-date.ts'
import type { PropertyMapping, ValueFormat } from './source.ts'

export interface LegalValue {
  /** Whether a text that is not empty is a value. */
  isLegal(text: string): boolean
  /** What a legal value looks like, for people. */
  readonly expected: string
}

const everyText: LegalValue = { isLegal: () => true, expected: 'a text' }
/** What is looked up stands in an index, of which PostgreSQL's entries take 2,704 bytes. */
const longestLookedUp = 2500

export function legalValue(
  property: Property,
  mapping: ValueFormat & Pick<PropertyMapping, 'encoding'>,
): LegalValue {
  switch (property.type) {
    case 'string':
    case 'text':
    case 'secret':
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
        ? { isLegal: reads(readIsoDate), expected: 'a date such as 2026-11-21' }
        : { isLegal: reads(readFormatted(mapping.format)), expected: `a date in the form ${mapping.format}` }
    case 'datetime':
      return mapping.format === undefined
        ? { isLegal: reads(readIsoDatetime), expected: 'a time such as 2026-11-21T22:24:16Z' }
        : { isLegal: reads(readFormatted(mapping.format)), expected: `a time in the form ${mapping.format}` }
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

function reads(read: ReadDate): (text: string) => boolean {
  return (text) => read(text) !== undefined
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Digits, in groups of three where a separator stands between them. */
function digits({ thousandsSeparator }: ValueFormat): string {
  if (thousandsSeparator === undefined) return '[0-9]+'
  return `(?:[0-9]+|[0-9]{1,3}(?:${escaped(thousandsSeparator)}[0-9]{3})+)`
}

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

function integer(mapping: ValueFormat): (text: string) => boolean {
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

function decimal(mapping: ValueFormat): LegalValue {
  const comma = mapping.decimalSeparator === ','
  const form = new RegExp(`^[+-]?${digits(mapping)}(?:${comma ? ',' : '\\.'}[0-9]+)?$`)
  return {
    isLegal: (text) => text.length < 1000 && form.test(text),
    expected: `a decimal number such as ${comma ? '1234,5' : '1234.5'}`,
  }
}

function boolean({ words }: ValueFormat): LegalValue {
  if (words === undefined) {
    return { isLegal: (text) => /^(true|false)$/i.test(text), expected: 'one of true, false' }
  }
  const all = [...words.true, ...words.false]
  return { isLegal: (text) => all.includes(text), expected: `one of ${all.join(', ')}` }
}

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/

function isBase64(text: string): boolean {
  const packed = text.replaceAll(/[ \t\n\v\f\r]/g, '')
  return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*=?=?$/.test(packed)
}
