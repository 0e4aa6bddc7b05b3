/**
 * How a text from a source file becomes a typed value, as SQL expressions.
 *
 * PostgreSQL's own casts are lenient (`'today'::date`, `'1e3'::numeric`, `'yes'::boolean`) and an
 * error in one row ends the statement. So every type has a condition that says whether a text is
 * legal, strict enough that the cast behind it cannot fail, and both run over whole columns.
 * Bounded repetition (`{1,18}`) is avoided: it made PostgreSQL's regular expressions five times slower.
 *
 * @module
 */
import type { EnumProperty, PropertyMapping, ScalarProperty } from '@sluice/model'
import { literal } from '@sluice/repository'
import { type DateParts, dateParts, escapePattern } from './date-format.ts'

export interface ValueExpression {
  /** SQL condition on a text that is not null: it is a legal value of the property. */
  readonly valid: string
  /** SQL value of the property's type, or null; only evaluated where `valid` holds. */
  readonly value: string
  /** What a legal value looks like, for people. */
  readonly expected: string
}

/** The expression for one scalar property; `text` is the SQL expression of the staged text. */
export function scalarExpression(
  property: ScalarProperty | EnumProperty,
  mapping: PropertyMapping,
  text: string,
): ValueExpression {
  switch (property.type) {
    case 'string':
    case 'text':
      return { valid: 'true', value: text, expected: 'a text' }
    case 'enum':
      return {
        valid: `${text} in (${property.values.map(literal).join(', ')})`,
        value: text,
        expected: `one of ${property.values.join(', ')}`,
      }
    case 'integer':
      return integer(mapping, text)
    case 'decimal':
      return decimal(mapping, text)
    case 'boolean':
      return boolean(mapping, text)
    case 'uuid':
      return {
        valid: `(${text} like '________-____-____-____-____________' and ${text} ~ '^[0-9a-fA-F-]+$' and length(replace(${text}, '-', '')) = 32)`,
        value: `${text}::uuid`,
        expected: 'a UUID',
      }
    case 'date':
      return mapping.format === undefined ? isoDate(text) : formattedDate(text, mapping.format)
    case 'datetime':
      return mapping.format === undefined ? isoDatetime(text) : formattedDatetime(text, mapping.format)
  }
}

/** The expression for the content of a file property. */
export function fileContentExpression(mapping: PropertyMapping, text: string): ValueExpression {
  if (mapping.encoding === 'hex') {
    return {
      valid: `(${text} ~ '^[0-9a-fA-F]*$' and length(${text}) % 2 = 0)`,
      value: `decode(${text}, 'hex')`,
      expected: 'hexadecimal digits',
    }
  }
  const packed = `regexp_replace(${text}, '\\s', '', 'g')`
  return {
    valid: `(${packed} ~ '^[A-Za-z0-9+/]*=?=?$' and length(${packed}) % 4 = 0)`,
    value: `decode(${packed}, 'base64')`,
    expected: 'base64',
  }
}

/** Removes thousands separators and makes the decimal separator a point. */
function plainNumber(mapping: PropertyMapping, text: string): string {
  const { thousandsSeparator, decimalSeparator } = mapping
  const joined =
    thousandsSeparator === undefined ? text : `replace(${text}, ${literal(thousandsSeparator)}, '')`
  return decimalSeparator === ',' ? `replace(${joined}, ',', '.')` : joined
}

/**
 * Digits, in groups of three where a separator stands between them: `1.5` must not become 15 where the
 * point is for thousands.
 */
function digits(mapping: PropertyMapping): string {
  const { thousandsSeparator: separator } = mapping
  if (separator === undefined) return '[0-9]+'
  return `([0-9]+|[0-9][0-9]?[0-9]?(${escapePattern(separator)}[0-9][0-9][0-9])+)`
}

function integer(mapping: PropertyMapping, text: string): ValueExpression {
  const plain = plainNumber(mapping, text)
  // 18 digits always fit a bigint; the rare longer ones are compared as numeric before they are cast.
  const fits = `case when length(${plain}) <= 18 then true when length(${plain}) > 100 then false
    else ${plain}::numeric between -9223372036854775808 and 9223372036854775807 end`
  return {
    valid: `case when ${text} ~ ${literal(`^[+-]?${digits(mapping)}$`)} then ${fits} else false end`,
    value: `${plain}::bigint`,
    expected: 'a whole number',
  }
}

function decimal(mapping: PropertyMapping, text: string): ValueExpression {
  const comma = mapping.decimalSeparator === ','
  const form = literal(`^[+-]?${digits(mapping)}(${comma ? ',' : '\\.'}[0-9]+)?$`)
  return {
    valid: `(${text} ~ ${form} and length(${text}) < 1000)`,
    value: `${plainNumber(mapping, text)}::numeric`,
    expected: `a decimal number such as ${comma ? '1234,5' : '1234.5'}`,
  }
}

/** Words that a mapping names are compared exactly; `true` and `false` may be written in any case. */
function boolean({ words }: PropertyMapping, text: string): ValueExpression {
  const said = words ?? { true: ['true'], false: ['false'] }
  const compared = words === undefined ? `lower(${text})` : text
  const list = (which: readonly string[]) => which.map(literal).join(', ')
  return {
    valid: `${compared} in (${list([...said.true, ...said.false])})`,
    value: `${compared} in (${list(said.true)})`,
    expected: `one of ${[...said.true, ...said.false].join(', ')}`,
  }
}

const isoDatePattern = '[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'

function isoDate(text: string): ValueExpression {
  return {
    valid: `case when ${text} ~ '^${isoDatePattern}$' then ${isoDayExists(text)} else false end`,
    value: `${text}::date`,
    expected: 'a date such as 2026-11-21',
  }
}

function isoDatetime(text: string): ValueExpression {
  const time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?'
  const zone = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?'
  const between = (start: number, from: string, to: string) =>
    `substr(${text}, ${start}, 2) between '${from}' and '${to}'`
  // The commonest form by positions, which costs two thirds of the pattern that reads them all.
  const usual = `${text} like '____-__-__T__:__:__Z' and ${text} ~ '^[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+Z$'`
  const usualRange = [
    between(6, '01', '12'),
    `substr(${text}, 9, 2) >= '01'`,
    `substr(${text}, 12, 2) <= '23'`,
    `substr(${text}, 15, 2) <= '59'`,
    `substr(${text}, 18, 2) <= '59'`,
    isoDayExists(text),
  ].join(' and ')
  return {
    // PostgreSQL gives up on fractions of a hundred digits.
    valid: `case when ${usual} then ${usualRange} when length(${text}) < 60 and ${text} ~ '^${isoDatePattern}([T ]${time}${zone})?$' then ${isoDayExists(text)} else false end`,
    // Sessions run in UTC, so a time without zone is taken for UTC.
    value: `${text}::timestamptz`,
    expected: 'a time such as 2026-11-21T22:24:16Z',
  }
}

/** Days up to the 28th exist in every month; only the rest pays for the calendar. */
function isoDayExists(text: string): string {
  return `(substr(${text}, 1, 4) <> '0000' and (substr(${text}, 9, 2) <= '28' or ${dayExists(
    `substr(${text}, 1, 4)`,
    `substr(${text}, 6, 2)`,
    `substr(${text}, 9, 2)`,
  )}))`
}

function dayExists(year: string, month: string, day: string): string {
  const leap = `(${year}::int % 4 = 0 and (${year}::int % 100 <> 0 or ${year}::int % 400 = 0))`
  const last = `case when ${month}::int in (4, 6, 9, 11) then 30 when ${month}::int = 2 then case when ${leap} then 29 else 28 end else 31 end`
  return `${day}::int between 1 and ${last}`
}

function formattedDate(text: string, format: string): ValueExpression {
  const parts = dateParts(text, format)
  return {
    valid: `case when ${parts.matches} then ${dateInRange(parts)} else false end`,
    value: `make_date(${parts.year}::int, ${parts.month}::int, ${parts.day}::int)`,
    expected: `a date in the form ${format}`,
  }
}

function formattedDatetime(text: string, format: string): ValueExpression {
  const parts = dateParts(text, format)
  const time = `${parts.hour}::int between 0 and 23 and ${parts.minute}::int between 0 and 59 and ${parts.second}::int between 0 and 59`
  const seconds = `(${parts.second} || '.' || ${parts.fraction})::double precision`
  return {
    valid: `case when ${parts.matches} then ${dateInRange(parts)} and ${time} else false end`,
    value: `make_timestamptz(${parts.year}::int, ${parts.month}::int, ${parts.day}::int, ${parts.hour}::int, ${parts.minute}::int, ${seconds}, 'UTC')`,
    expected: `a time in the form ${format}`,
  }
}

function dateInRange({ year, month, day }: DateParts): string {
  return `(${year}::int > 0 and ${month}::int between 1 and 12 and ${dayExists(year, month, day)})`
}
