/**
 * What a cell of a load becomes in the open table: the text that is asserted there, or what is wrong with it.
 *
 * Values are only looked at, and stay as they are written; dates are written as PostgreSQL writes them, for the table knows no format of
 * its own, and secrets are hidden.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { hideSecret } from '@sluice/files'
import { legalValue, type Property, type ScalarProperty, spellingOf } from '@sluice/model'
import type { LoadColumn } from './load-columns.ts'
import type { DateFormats } from './load-options.ts'

/** `null` of a value leaves the property alone; `left-out` leaves what is staged. */
type Cell =
  | { readonly kind: 'value'; readonly value: string | null }
  | { readonly kind: 'left-out'; readonly text: string }
  | { readonly kind: 'bad'; readonly text: string }

/** `key`: of its row. */
export type CellCheck = (text: string, key: string) => Cell

/** What is known of a load beside its columns. */
export interface CellContext {
  readonly entityType: string
  readonly dates: DateFormats | undefined
}

/** How a cell says that it asserts nothing. */
const nothing = '<NULL>'
const none: Cell = { kind: 'value', value: null }

export function cellCheck({ property, part }: LoadColumn, context: CellContext): CellCheck {
  const check = part === 'value' ? valueCheck(property, context) : plain
  return (text, key) => {
    if (text === nothing) return none
    if (text.includes('\0')) return { kind: 'bad', text: 'a character NUL cannot be stored' }
    return text === '' ? plain(text, key) : check(text, key)
  }
}

const plain: CellCheck = (value) => ({ kind: 'value', value })

function valueCheck(property: Property, { entityType, dates }: CellContext): CellCheck {
  if (property.type === 'string' || property.type === 'text') return plain
  if (property.type === 'secret')
    return (text, key) => ({
      kind: 'value',
      value: hideSecret({ entityType, property: property.name, key }, text),
    })
  if (property.type === 'date' || property.type === 'datetime')
    return dateCheck(property, dates?.[property.type] ?? [undefined])
  const { isLegal, expected } = legalValue(property, {})
  return (text) =>
    isLegal(text)
      ? { kind: 'value', value: text }
      : { kind: 'bad', text: `${quoted(text)} is not ${expected}` }
}

/** A date that is none makes no bad row: that one cell is left out. */
function dateCheck(property: ScalarProperty, formats: readonly (string | undefined)[]): CellCheck {
  const spellings = formats.flatMap((format) => spellingOf(property, { format }) ?? [])
  const expected = spellings[0]?.expected ?? 'a date'
  return (text) => {
    for (const { of } of spellings) {
      const value = of(text)
      if (value !== undefined) return { kind: 'value', value }
    }
    return { kind: 'left-out', text: `${quoted(text)} is not ${expected}; it was left out` }
  }
}

/** Bytes that a key may have: it stands in an index, of which PostgreSQL's entries take 2,704. */
const longestKey = 2500

/** What is wrong with a key; `undefined` when nothing is. */
export function faultOfKey(
  text: string,
): { readonly reason: 'missing_key' | 'invalid_value'; readonly text: string } | undefined {
  if (text === '' || text === nothing) return { reason: 'missing_key', text: 'it has no key' }
  if (text.includes('\0')) return { reason: 'invalid_value', text: 'a character NUL cannot be stored' }
  if (text.length * 3 <= longestKey || Buffer.byteLength(text) <= longestKey) return undefined
  return { reason: 'invalid_value', text: `a key can have at most ${longestKey} bytes` }
}

const longestShown = 100

function quoted(text: string): string {
  return JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text)
}
