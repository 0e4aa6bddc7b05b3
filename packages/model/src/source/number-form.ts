/**
 * How numbers are written: the forms that systems write of themselves, and those that a mapping permits.
 *
 * The patterns are read alike by JavaScript and PostgreSQL, and without bounds on repetitions, which cost PostgreSQL five times the time.
 *
 * @module
 */
import type { ValueFormat } from './source.ts'

/** What separates nothing: beside a number, and between its groups of digits where a blank may stand there. */
export const blankCharacters =
  ' \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'

/** The minus of typesetters. */
export const longMinus = '\u2212'

export const thousandsSeparators = [',', '.', ' ', "'"] as const
export type ThousandsSeparator = (typeof thousandsSeparators)[number]

/** Characters that programs write for one and the same separator: Excel and ICU take a blank that does not break the line. */
const families: Readonly<Record<ThousandsSeparator, string>> = {
  ',': ',',
  '.': '.',
  ' ': ' \u00a0\u2007\u2009\u202f',
  "'": "'\u2019",
}

/** All characters that stand for this separator. */
export function separatorFamily(separator: ThousandsSeparator): string {
  return families[separator]
}

export type NumberType = 'integer' | 'decimal'

interface NumberForm {
  /** Pattern of the texts that stand for their number as they are. */
  readonly plain: string
  /** Pattern of all texts that stand for a number; an integer with an exponent may still be none. */
  readonly any: string
}

export function numberForm(type: NumberType, format: ValueFormat): NumberForm {
  const point = format.decimalSeparator === ',' ? ',' : '[.]'
  const digits = digitsOf(format)
  const exponent = '[eE][+-]?[0-9][0-9]?[0-9]?'
  const fraction = `(?:${digits}(?:${point}[0-9]*)?|${point}[0-9]+)`
  const bodies = {
    integer: takesExponents(type, format) ? `(?:${digits}|${fraction}${exponent})` : digits,
    decimal: takesExponents(type, format) ? `${fraction}(?:${exponent})?` : fraction,
  }
  const body = bodies[type]
  const minus = `[-${longMinus}]`
  const signed =
    format.trailingMinus === false
      ? `[-+${longMinus}]?${body}`
      : `(?:[-+${longMinus}]?${body}|${body}${minus})`
  const blanks = `[${blankCharacters}]*`
  const percent = format.percent === undefined ? '' : `(?:%${blanks})?`
  return {
    plain: type === 'integer' || point === ',' ? '^[+-]?[0-9]+$' : '^[+-]?[0-9]+(?:[.][0-9]+)?$',
    any: `^${blanks}${signed}${blanks}${percent}$`,
  }
}

/** `1.5E3` is how programs write decimals. Of an integer it is what Excel leaves of a long number, and says so only when asked. */
export function takesExponents(type: NumberType, { exponents }: ValueFormat): boolean {
  return exponents ?? type === 'decimal'
}

/** Of three where a separator stands between them: `1.5` must not become 15 where the point is for thousands. */
function digitsOf({ thousandsSeparator }: ValueFormat): string {
  if (thousandsSeparator === undefined) return '[0-9]+'
  return `(?:[0-9]+|[0-9][0-9]?[0-9]?(?:[${separatorFamily(thousandsSeparator)}][0-9][0-9][0-9])+)`
}
