/**
 * What Windows and Active Directory write in ways of their own: times, identifiers, bits.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Transform } from '@sluice/model'
import { type Step, Unfit } from './unfit.ts'

/** From 1601 to 1970, in intervals of 100 nanoseconds. */
const toUnix = 116_444_736_000_000_000n
const perMillisecond = 10_000n
/** What account expiry says where there is none. */
const never: ReadonlySet<string> = new Set(['0', '9223372036854775807'])
/** The first moment of the year 10000. */
const latest = 2_650_467_744_000_000_000n

/** 100 nanoseconds since 1601, as a datetime with at most microseconds; empty where it says never. */
export const filetime: Step = (text) => {
  if (never.has(text)) return ''
  if (!/^\d{1,19}$/.test(text)) return Unfit.not(text, 'a Windows time, which is a whole number')
  const intervals = BigInt(text)
  if (intervals >= latest) return Unfit.not(text, 'a Windows time before the year 10000')
  const since = intervals - toUnix
  // Rounded down, before 1970 too.
  const milliseconds =
    (since - (((since % perMillisecond) + perMillisecond) % perMillisecond)) / perMillisecond
  const rest = Number(since - milliseconds * perMillisecond)
  const iso = new Date(Number(milliseconds)).toISOString()
  const micros = String(Math.floor(rest / 10)).padStart(3, '0')
  return `${iso.slice(0, 19)}${fraction(`${iso.slice(20, 23)}${micros}`)}Z`
}

function fraction(digits: string): string {
  const known = digits.replace(/0+$/, '')
  return known === '' ? '' : `.${known}`
}

/** As it is to be written, which most are. */
const ownGuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const guidText = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i

/** Of base64 or hexadecimal digits the bytes are those of the directory, in which the first three groups stand backwards. */
export const guid: Step = (text) => {
  if (ownGuidText.test(text)) return text
  const written = guidText.exec(text)?.[1]
  if (written !== undefined) return written.toLowerCase()
  const bytes = bytesOf(text)
  if (bytes?.length !== 16)
    return Unfit.not(text, 'a GUID: its text, or its 16 bytes in base64 or hexadecimal digits')
  const hex = (...at: readonly number[]) =>
    at.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, '0')).join('')
  return [hex(3, 2, 1, 0), hex(5, 4), hex(7, 6), hex(8, 9), hex(10, 11, 12, 13, 14, 15)].join('-')
}

/** S-1-5-21-… of its bytes, or of its text. */
export const sid: Step = (text) => {
  if (/^S-1-\d+(-\d+)*$/i.test(text)) return text.toUpperCase()
  const bytes = bytesOf(text)
  const count = bytes?.[1] ?? 0
  if (bytes === undefined || bytes[0] !== 1 || bytes.length !== 8 + 4 * count)
    return Unfit.not(text, 'a SID: its text, or its bytes in base64 or hexadecimal digits')
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index))
  return ['S', 1, bytes.readUIntBE(2, 6), ...parts].join('-')
}

function bytesOf(text: string): Buffer | undefined {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, 'base64')
    : undefined
}

/** Bits of account control and group types, which may be written with a sign. */
export function flag({ bit }: Extract<Transform, { kind: 'flag' }>): Step {
  return (text) => {
    const number = /^(0x[0-9a-f]+|-?\d+)$/i.test(text) ? Number(text) : Number.NaN
    if (!(number >= -(2 ** 31) && number < 2 ** 32)) return Unfit.not(text, 'a whole number of 32 bits')
    return (number & bit) === 0 ? 'false' : 'true'
  }
}
