/**
 * Texts of numbers as their digits, exactly: nothing goes through a floating point number.
 *
 * The engine holds the same rules as SQL, for whole columns at once.
 *
 * @module
 */
import { blankCharacters, longMinus, type NumberType, numberForm, separatorFamily } from './number-form.ts'
import type { ValueFormat } from './source.ts'

/** Digits without signs, zeros and separators that say nothing, as in `-12.5`; `undefined` where the text is no number. */
type ReadNumber = (text: string) => string | undefined

const least = -(2n ** 63n)
const most = 2n ** 63n - 1n

/** Characters; what is longer is no number to the database either. */
export const longestNumber = 1000

export function numberReader(type: NumberType, format: ValueFormat): ReadNumber {
  const form = numberForm(type, format)
  const plain = new RegExp(form.plain)
  const any = new RegExp(form.any)
  const bare = bareText(format)
  return (text) => {
    if (text.length >= longestNumber) return undefined
    if (!plain.test(text) && !any.test(text)) return undefined
    const digits = digitsOf(bare(text), format)
    return type === 'decimal' || isInteger(digits) ? digits : undefined
  }
}

function isInteger(digits: string): boolean {
  if (digits.includes('.')) return false
  if (digits.length <= 18) return true
  const value = BigInt(digits)
  return value >= least && value <= most
}

/** Takes blanks at its ends and the separators of thousands out of a text. */
function bareText({ thousandsSeparator }: ValueFormat): (text: string) => string {
  const ends = new RegExp(`^[${blankCharacters}]+|[${blankCharacters}]+$`, 'g')
  if (thousandsSeparator === undefined) return (text) => text.replace(ends, '')
  const separators = new RegExp(`[${separatorFamily(thousandsSeparator)}]`, 'g')
  return (text) => text.replace(ends, '').replace(separators, '')
}

function digitsOf(bare: string, { decimalSeparator, percent }: ValueFormat): string {
  const hundredths = bare.endsWith('%')
  const number = hundredths ? bare.slice(0, -1).trimEnd() : bare
  const negative = [number.at(0), number.at(-1)].some((sign) => sign === '-' || sign === longMinus)
  const unsigned = number.replace(/^[-+\u2212]|[-\u2212]$/g, '')
  const [mantissa = '', exponent = '0'] = unsigned.split(/[eE]/)
  const [whole = '', fraction = ''] = mantissa.split(decimalSeparator ?? '.')
  const shift = Number(exponent) - (hundredths && percent === 'fraction' ? 2 : 0)
  const digits = withPoint(whole + fraction, whole.length + shift)
  return negative && digits !== '0' ? `-${digits}` : digits
}

/** `point`: how many of the digits stand before it; there may be fewer or more. */
function withPoint(digits: string, point: number): string {
  const padded = `${'0'.repeat(Math.max(0, -point))}${digits}${'0'.repeat(Math.max(0, point - digits.length))}`
  const at = Math.max(0, point)
  const whole = padded.slice(0, at).replace(/^0+/, '') || '0'
  const fraction = padded.slice(at).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
