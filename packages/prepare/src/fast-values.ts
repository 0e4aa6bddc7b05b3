/**
 * Conditions of DuckDB under which a field is surely a value, in the forms that are usual. A file with a field that is not goes the careful
 * way, which knows the line of every row.
 *
 * @module
 */
import {
  longestNumber,
  numberForm,
  type Property,
  parseDateFormat,
  takesExponents,
  type ValueFormat,
} from '@sluice/model'
import { text as literal } from './sort/sorter.ts'

/** `undefined`: every text is one, or none can be told apart so. */
export function plainValue(field: string, property: Property, format: ValueFormat): string | undefined {
  const matches = (pattern: string) => `regexp_full_match(${field}, ${literal(pattern)})`
  const among = (texts: readonly string[]) => `${field} in (${texts.map(literal).join(', ')})`
  switch (property.type) {
    case 'integer':
      return integer(field, format)
    case 'decimal':
      return `(strlen(${field}) < ${longestNumber} and ${matches(numberForm('decimal', format).any)})`
    case 'boolean':
      return format.words === undefined
        ? `lower(${field}) in ('true', 'false')`
        : among([...format.words.true, ...format.words.false])
    case 'enum':
      return among(property.values)
    case 'uuid':
      return matches('[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}')
    case 'date':
      return format.format === undefined ? isoDay(field) : formatted(field, format.format, 'date')
    case 'datetime':
      if (format.timeZone !== undefined) return undefined
      return format.format === undefined
        ? isoTime(field, matches)
        : formatted(field, format.format, 'datetime')
    case 'string':
    case 'text':
    case 'secret':
    case 'file':
    case 'reference':
      return undefined
  }
}

/** Casts to and fro cost a third of what a pattern does. Up to 18 characters always fit. */
function integer(field: string, format: ValueFormat): string {
  const asItIs = `try_cast(${field} as bigint)::varchar = ${field}`
  if (takesExponents('integer', format)) return asItIs
  const { any } = numberForm('integer', format)
  return `(${asItIs} or (strlen(${field}) <= 18 and regexp_full_match(${field}, ${literal(any)})))`
}

function isoDay(field: string): string {
  return `(${field} between '0002' and '9999-99' and try_cast(${field} as date)::varchar = ${field})`
}

/** No zone leads beyond the ends of the calendar. */
function isoTime(field: string, matches: (pattern: string) => string): string {
  const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?'
  const zone = '(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?'
  const hasForm = matches(`[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]${time}${zone})?`)
  const inCalendar = `(${field} < '9999-12-31' or ${field} between '9999-12-31' and '9999-99' and right(${field}, 1) = 'Z')`
  return `(${hasForm} and ${field} > '0002' and ${inCalendar} and try_cast(left(${field}, 10) as date) is not null)`
}

/** What reads a token, and its form. */
const tokens = {
  yyyy: ['%Y', '[1-9][0-9]{3}'],
  MM: ['%m', '[0-9]{2}'],
  dd: ['%d', '[0-9]{2}'],
  HH: ['%H', '[0-9]{2}'],
  mm: ['%M', '[0-5][0-9]'],
  ss: ['%S', '[0-5][0-9]'],
  SSS: ['%g', '[0-9]{3}'],
  M: ['%m', '[0-9]{1,2}'],
  d: ['%d', '[0-9]{1,2}'],
  H: ['%H', '[0-9]{1,2}'],
} as const

function formatted(field: string, format: string, type: 'date' | 'datetime'): string | undefined {
  const found = parseDateFormat(format, type)
  if ('problem' in found) return undefined
  const read = found.parts.map((part) =>
    part.kind === 'token' ? tokens[part.token][0] : part.text.replaceAll('%', '%%'),
  )
  const form = found.parts.map((part) =>
    part.kind === 'token' ? tokens[part.token][1] : part.text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
  const pattern = literal(form.join(''))
  return `(regexp_full_match(${field}, ${pattern}) and try_strptime(${field}, ${literal(read.join(''))}) is not null)`
}
