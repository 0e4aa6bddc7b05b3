/**
 * JSON in which every number keeps its digits.
 *
 * @module
 */
import { parse } from 'lossless-json'

/** Numbers that JavaScript may not hold, or not write as they were written. In a text it is as good as one, and does no harm. */
const doubtfulNumber = /[:,[]\s*-?(?:\d{16}|\d+[.eE])/

/** Throws `SyntaxError` for what is no JSON. */
export function parsedJson(text: string): unknown {
  // Five times as fast, and the same for nearly all that there is.
  return doubtfulNumber.test(text) ? parse(text) : JSON.parse(text)
}
