/**
 * Which texts of a source are values of a property.
 *
 * The engine holds the same rule as SQL, for whole columns at once; a test holds the two equal. Here it serves the few rows of
 * which there are several with one key, before any database sees them.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { instantOf } from './instant.ts'
import type { ReadDate } from './read-date.ts'
import { numberReader } from './read-number.ts'
import { readDateOf, readTimeOf } from './read-time.ts'
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
    case 'integer': {
      const read = numberReader('integer', mapping)
      return { isLegal: (text) => read(text) !== undefined, expected: 'a whole number' }
    }
    case 'decimal': {
      const read = numberReader('decimal', mapping)
      const example = mapping.decimalSeparator === ',' ? '1234,5' : '1234.5'
      return {
        isLegal: (text) => read(text) !== undefined,
        expected: `a decimal number such as ${example}`,
      }
    }
    case 'boolean':
      return boolean(mapping)
    case 'uuid':
      return { isLegal: (text) => uuid.test(text), expected: 'a UUID' }
    case 'date':
      return {
        isLegal: reads(readDateOf(mapping)),
        expected:
          mapping.format === undefined ? 'a date such as 2026-11-21' : `a date in the form ${mapping.format}`,
      }
    case 'datetime': {
      const read = readTimeOf(mapping)
      const isLegal = (text: string) => {
        const fields = read(text)
        return fields !== undefined && instantOf(fields) !== undefined
      }
      return { isLegal, expected: timeExpected(mapping) }
    }
    case 'reference':
      return {
        isLegal: (text) => new TextEncoder().encode(text).length <= longestLookedUp,
        expected: `at most ${longestLookedUp} bytes long, because rows are looked up by it`,
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

/** What a legal time looks like, for people. */
export function timeExpected({ format, timeZone }: ValueFormat): string {
  const form = format === undefined ? 'a time such as 2026-11-21T22:24:16Z' : `a time in the form ${format}`
  return timeZone === undefined ? form : `${form}, and one that exists in ${timeZone}`
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
