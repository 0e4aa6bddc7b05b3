/**
 * JSON in which every number keeps its digits: one of a managed system may have more of them than a number of JavaScript.
 *
 * @module
 */
import { isLosslessNumber, type LosslessNumber, parse } from 'lossless-json'

/** A number as it is exactly, or as it was written. */
export type JsonNumber = number | LosslessNumber

/** Numbers that JavaScript may not hold, or not write as they were written. In a text it is as good as one, and does no harm. */
const doubtfulNumber = /[:,[]\s*-?(?:\d{16}|\d+[.eE])/
const name = /"\s*:/g

/** Throws `SyntaxError` for what is no JSON, and for a name that stands twice in a map. */
export function parseExactly(text: string): unknown {
  // Five times as fast, and the same for nearly all that there is.
  if (!doubtfulNumber.test(text)) {
    const value: unknown = JSON.parse(text)
    if (namesIn(value) === (text.match(name)?.length ?? 0)) return value
  }
  return parse(text)
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + namesIn(one), 0)
  const values = Object.values(value)
  return values.reduce<number>((sum, one) => sum + namesIn(one), values.length)
}

export function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || isLosslessNumber(value)
}

/** As JSON writes it. */
export function numberText(value: JsonNumber): string {
  return typeof value === 'number' ? JSON.stringify(value) : value.value
}

/** No repository holds one that is larger, or finer. */
const mostDigits = 1_000

export function isStorableNumber(value: JsonNumber): boolean {
  const text = numberText(value)
  const exponent = Math.abs(Number(/[eE]([-+]?\d+)$/.exec(text)?.[1] ?? 0))
  return text.length <= mostDigits && exponent <= mostDigits
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
}
