/**
 * Whether a field is in the spelling of its column already; for the commonest ones without making a text of it.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import type { Spelling } from '@sluice/model'

/** Of the field `bytes[start, end)`; an empty one names nobody. */
export type InOwnSpelling = (bytes: Buffer, start: number, end: number) => boolean

export function inOwnSpelling(spelling: Spelling): InOwnSpelling {
  const sure = { integer: isPlainInteger, uuid: isPlainUuid }[spelling.id]
  return (bytes, start, end) => {
    if (start === end || sure?.(bytes, start, end) === true) return true
    const text = bytes.toString('utf8', start, end)
    return spelling.of(text) === text
  }
}

const zero = 0x30
const nine = 0x39
const hyphen = 0x2d

/** Up to 18 digits, which always fit. */
function isPlainInteger(bytes: Buffer, start: number, end: number): boolean {
  const from = bytes[start] === hyphen ? start + 1 : start
  const first = bytes[from] ?? 0
  if (end - from > 18 || first <= zero) return false
  for (let at = from; at < end; at++) if (!isDigit(bytes[at] ?? 0)) return false
  return true
}

function isPlainUuid(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== 36) return false
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    const place = at - start
    const wantsHyphen = place === 8 || place === 13 || place === 18 || place === 23
    if (wantsHyphen ? byte !== hyphen : !isDigit(byte) && !(byte >= 0x61 && byte <= 0x66)) return false
  }
  return true
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine
}
