/**
 * Texts of numbers as SQL: whether one is a number in the form of its mapping, and which.
 *
 * Nearly all texts are what a cast reads as they are, so they are looked at first and pay for nothing else.
 *
 * @module
 */
import {
  blankCharacters,
  longestNumber,
  longMinus,
  type NumberType,
  numberForm,
  type PropertyMapping,
  separatorFamily,
  takesExponents,
} from '@sluice/model'
import { type SQL, sql } from '@sluice/repository'
import type { ValueExpression } from './value-expressions.ts'

export function numberExpression(type: NumberType, mapping: PropertyMapping, text: SQL): ValueExpression {
  const { plain, any } = numberForm(type, mapping)
  const found = numeric(mapping, text)
  const isOne = type === 'decimal' ? sql.true : isInteger(type, mapping, found)
  const asItIs = type === 'decimal' ? sql.true : fitsAsItIs(text)
  const valid = sql`case when length(${text}) >= ${sql.literal(longestNumber)} then false
    when ${text} ~ ${sql.literal(plain)} then ${asItIs} when ${text} ~ ${sql.literal(any)} then ${isOne} else false end`
  const example = mapping.decimalSeparator === ',' ? '1234,5' : '1234.5'
  return {
    valid,
    value: type === 'integer' ? integer(mapping, text, found) : decimal(mapping, text, found),
    expected: type === 'integer' ? 'a whole number' : `a decimal number such as ${example}`,
  }
}

/** 18 digits always fit a bigint; the rare longer ones are compared before they are cast. */
function fitsAsItIs(text: SQL): SQL {
  return sql`case when length(${text}) <= 18 then true else ${inRange(sql`${text}::numeric`)} end`
}

function isInteger(type: NumberType, mapping: PropertyMapping, found: SQL): SQL {
  return takesExponents(type, mapping)
    ? sql`(${found} = trunc(${found}) and ${inRange(found)})`
    : inRange(found)
}

function inRange(found: SQL): SQL {
  return sql`${found} between -9223372036854775808 and 9223372036854775807`
}

function integer(mapping: PropertyMapping, text: SQL, found: SQL): SQL {
  if (mapping.thousandsSeparator !== undefined || takesExponents('integer', mapping))
    return sql`(${found})::bigint`
  return sql`case when ${hasPlainEnds(text)} then ${text}::bigint else (${found})::bigint end`
}

function decimal(mapping: PropertyMapping, text: SQL, found: SQL): SQL {
  if (mapping.thousandsSeparator !== undefined || mapping.decimalSeparator === ',') return found
  return sql`case when ${hasPlainEnds(text)} then ${text}::numeric else ${found} end`
}

/** A number that begins with a digit, a sign or a point of ASCII and ends with a digit: two looks in place of a pattern. */
function hasPlainEnds(text: SQL): SQL {
  return sql`ascii(${text}) between 43 and 57 and ascii(right(${text}, 1)) between 48 and 57`
}

/** SQL (numeric) of a text in the form of the mapping. */
function numeric(mapping: PropertyMapping, text: SQL): SQL {
  const { thousandsSeparator, decimalSeparator, percent, trailingMinus } = mapping
  const blanks = sql.literal(blankCharacters)
  const trimmed = sql`btrim(${text}, ${blanks})`
  const number = percent === undefined ? trimmed : sql`rtrim(rtrim(${trimmed}, '%'), ${blanks})`
  const separators = thousandsSeparator === undefined ? '' : separatorFamily(thousandsSeparator)
  const [from, to] = decimalSeparator === ',' ? [`${longMinus},`, '-.'] : [longMinus, '-']
  const plain = sql`translate(${number}, ${sql.literal(from + separators)}, ${sql.literal(to)})`
  const signed =
    trailingMinus === false
      ? plain
      : sql`case when right(${plain}, 1) = '-' then '-' || left(${plain}, -1) else ${plain} end`
  const value = sql`(${signed})::numeric`
  // A product of decimals is exact, a quotient need not be.
  return percent === 'fraction'
    ? sql`(case when right(${trimmed}, 1) = '%' then ${value} * 0.01 else ${value} end)`
    : value
}
