/**
 * Texts to typed values, as SQL expressions.
 *
 * PostgreSQL's own casts are lenient (`'today'::date`, `'1e3'::numeric`, `'yes'::boolean`) and an
 * error in one row ends the statement. So every type has a condition that says whether a text is
 * legal, strict enough that the cast behind it cannot fail, and both run over whole columns.
 * Bounded repetition (`{1,18}`) is avoided: it made PostgreSQL's regular expressions five times slower.
 *
 * @module
 */
import {
  type EnumProperty,
  hiddenLength,
  hiddenPrefix,
  type PropertyMapping,
  type ScalarProperty,
  type SecretProperty,
  timeExpected,
} from '@sluice/model'
import { commas, type SQL, sql } from '@sluice/repository'
import { type DateParts, dateParts } from './date-format.ts'
import { numberExpression } from './number-values.ts'

export interface ValueExpression {
  /** SQL condition on a text that is not null: it is a legal value. Absent: every text is. */
  readonly valid?: SQL | undefined
  /** SQL value of the property's type, or null; only evaluated where `valid` holds. */
  readonly value: SQL
  /** What a legal value looks like, for people. */
  readonly expected: string
  /** What is no legal value may be a secret in the clear, and is not told. */
  readonly untold?: true | undefined
}

/** The expression for a property of one value; `text` is the SQL expression of the staged text. */
export function scalarExpression(
  property: ScalarProperty | EnumProperty | SecretProperty,
  mapping: PropertyMapping,
  text: SQL,
): ValueExpression {
  switch (property.type) {
    case 'string':
    case 'text':
      return { value: mapping.lookedUp === true ? composed(text) : text, expected: 'a text' }
    case 'secret':
      return hiddenSecret(text)
    case 'enum':
      return {
        valid: sql`${text} in (${literals(property.values)})`,
        value: text,
        expected: `one of ${property.values.join(', ')}`,
      }
    case 'integer':
    case 'decimal':
      return numberExpression(property.type, mapping, text)
    case 'boolean':
      return boolean(mapping, text)
    case 'uuid':
      return {
        valid: sql`(${text} like '________-____-____-____-____________' and ${text} ~ '^[0-9a-fA-F-]+$' and ${text} not like '%-%-%-%-%-%')`,
        value: sql`${text}::uuid`,
        expected: 'a UUID',
      }
    case 'date':
      return mapping.format === undefined ? isoDate(text) : formattedDate(text, mapping.format)
    case 'datetime':
      if (mapping.timeZone !== undefined) return instantOfZone(text, mapping)
      return mapping.format === undefined ? isoDatetime(text) : formattedDatetime(text, mapping.format)
  }
}

/** In the form in which names are compared. Plain ASCII, which most names are, needs no look at its characters. */
function composed(text: SQL): SQL {
  return sql`case when octet_length(${text}) = length(${text}) then ${text} else normalize(${text}, NFC) end`
}

/** Whoever brings a secret has hidden it. */
function hiddenSecret(text: SQL): ValueExpression {
  return {
    valid: sql`(starts_with(${text}, ${sql.literal(hiddenPrefix)}) and length(${text}) = ${sql.literal(hiddenLength)})`,
    value: text,
    expected: 'a secret that is hidden',
    untold: true,
  }
}

/** The expression for the content of a file property. */
export function fileContentExpression(mapping: PropertyMapping, text: SQL): ValueExpression {
  if (mapping.encoding === 'hex') {
    return {
      valid: sql`(${text} ~ '^[0-9a-fA-F]*$' and length(${text}) % 2 = 0)`,
      value: sql`decode(${text}, 'hex')`,
      expected: 'hexadecimal digits',
    }
  }
  const packed = sql`regexp_replace(${text}, '\\s', '', 'g')`
  return {
    valid: sql`(${packed} ~ '^[A-Za-z0-9+/]*=?=?$' and length(${packed}) % 4 = 0)`,
    value: sql`decode(${packed}, 'base64')`,
    expected: 'base64',
  }
}

function literals(texts: readonly string[]): SQL {
  return commas(texts.map(sql.literal))
}

/** Words that a mapping names are compared exactly; `true` and `false` may be written in any case. */
function boolean({ words }: PropertyMapping, text: SQL): ValueExpression {
  const known = words ?? { true: ['true'], false: ['false'] }
  const compared = words === undefined ? sql`lower(${text})` : text
  const all = [...known.true, ...known.false]
  return {
    valid: sql`${compared} in (${literals(all)})`,
    value: sql`${compared} in (${literals(known.true)})`,
    expected: `one of ${all.join(', ')}`,
  }
}

const isoDatePattern = '[0-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'

function isoDate(text: SQL): ValueExpression {
  return {
    valid: sql`case when ${text} like '____-__-__' then ${isoDayExists(text)} else false end`,
    value: sql`${text}::date`,
    expected: 'a date such as 2026-11-21',
  }
}

function isoDatetime(text: SQL): ValueExpression {
  const time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?'
  const zone = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?'
  // The commonest form by positions, which costs a third of the pattern that reads them all.
  const usual = sql`${text} like '____-__-__T__:__:__Z'`
  const usualRange = sql`${twoDigits(text, 12, [0, 23])} and ${twoDigits(text, 15, [0, 59])} and ${twoDigits(text, 18, [0, 59])} and ${isoDayExists(text)}`
  const any = sql.literal(`^${isoDatePattern}([T ]${time}${zone})?$`)
  return {
    // PostgreSQL gives up on fractions of a hundred digits.
    valid: sql`case when ${usual} then ${usualRange} when length(${text}) < 60 and ${text} ~ ${any} then ${instantExists(text)} else false end`,
    // Sessions run in UTC, so a time without zone is taken for UTC.
    value: sql`${text}::timestamptz`,
    expected: 'a time such as 2026-11-21T22:24:16Z',
  }
}

/** Of a text with the form of a time: there is its day, and UTC is in a year of four digits, which any other tool reads, too. */
function instantExists(text: SQL): SQL {
  const near = sql`(${text}::timestamptz >= '0001-01-01 00:00:00+00' and ${text}::timestamptz < '10000-01-01 00:00:00+00')`
  return sql`case when ${isoDayExists(text)} then case when ${text} between '0001-01-03' and '9999-12-29' then true else ${near} end else false end`
}

/** Prepare has written the instant; what it could not read it has left as it was. */
function instantOfZone(text: SQL, mapping: PropertyMapping): ValueExpression {
  const { valid = sql.true, value } = isoDatetime(text)
  return {
    valid: sql`case when ${valid} then ${text} = (${value})::text else false end`,
    value,
    expected: timeExpected(mapping),
  }
}

/**
 * Of a text with the form of a date: it is one. Days up to the 28th exist in every month, and only the rest pays for the
 * calendar.
 */
function isoDayExists(text: SQL): SQL {
  const year = sql`substr(${text}, 1, 4)`
  const month = sql`substr(${text}, 6, 2)`
  const day = sql`substr(${text}, 9, 2)`
  const hasYear = sql`${twoDigits(text, 1, [0, 99])} and ${twoDigits(text, 3, [0, 99])} and ${text} >= '0001'`
  return sql`case when ${hasYear} and ${twoDigits(text, 6, [1, 12])} then ${twoDigits(text, 9, [1, 28])}
    or (${twoDigits(text, 9, [29, 31])} and ${dayExists(year, month, day)}) else false end`
}

/**
 * The two characters from the place `from` on are digits, of a number in the range. PostgreSQL looks them up in a hash table, which costs
 * a tenth of what a pattern does.
 */
function twoDigits(text: SQL, from: number, [first, last]: readonly [number, number]): SQL {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) =>
    String(first + index).padStart(2, '0'),
  )
  return sql`substr(${text}, ${sql.literal(from)}, 2) = any(${sql.literal(`{${numbers.join(',')}}`)})`
}

function dayExists(year: SQL, month: SQL, day: SQL): SQL {
  const leap = sql`(${year}::int % 4 = 0 and (${year}::int % 100 <> 0 or ${year}::int % 400 = 0))`
  const last = sql`case when ${month}::int in (4, 6, 9, 11) then 30 when ${month}::int = 2 then case when ${leap} then 29 else 28 end else 31 end`
  return sql`${day}::int between 1 and ${last}`
}

function formattedDate(text: SQL, format: string): ValueExpression {
  const parts = dateParts(text, format)
  return {
    valid: sql`case when ${parts.matches} then ${dateInRange(parts)} else false end`,
    value: sql`make_date(${parts.year}::int, ${parts.month}::int, ${parts.day}::int)`,
    expected: `a date in the form ${format}`,
  }
}

function formattedDatetime(text: SQL, format: string): ValueExpression {
  const parts = dateParts(text, format)
  const time = sql`${parts.hour}::int between 0 and 23 and ${parts.minute}::int between 0 and 59 and ${parts.second}::int between 0 and 59`
  const seconds = sql`(${parts.second} || '.' || ${parts.fraction})::double precision`
  return {
    valid: sql`case when ${parts.matches} then ${dateInRange(parts)} and ${time} else false end`,
    value: sql`make_timestamptz(${parts.year}::int, ${parts.month}::int, ${parts.day}::int, ${parts.hour}::int, ${parts.minute}::int, ${seconds}, 'UTC')`,
    expected: `a time in the form ${format}`,
  }
}

function dateInRange({ year, month, day }: DateParts): SQL {
  return sql`(${year}::int > 0 and ${month}::int between 1 and 12 and ${dayExists(year, month, day)})`
}
