/**
 * What numbers of Excel stand for, as the format of their cell says: it keeps dates as days since 1900.
 *
 * @module
 */

export type NumberKind = 'number' | 'date' | 'datetime' | 'time'

/** Formats that every workbook has. */
const builtIn: Readonly<Record<number, NumberKind>> = {
  14: 'date',
  15: 'date',
  16: 'date',
  17: 'date',
  18: 'time',
  19: 'time',
  20: 'time',
  21: 'time',
  22: 'datetime',
  45: 'time',
  47: 'time',
}

/** @param code Of a format of its own: `yyyy\-mm\-dd`. */
export function numberKindOf(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return builtIn[id] ?? 'number'
  // Only the first part counts, without texts, colours and what is escaped.
  const [plain = ''] = code.replaceAll(/"[^"]*"|\\.|_.|\*./g, '').split(';')
  // Hours that go on behind 24 are an amount.
  if (/\[[hms]+\]/i.test(plain)) return 'number'
  const signs = plain.replaceAll(/\[[^\]]*\]/g, '')
  if (/general/i.test(signs)) return 'number'
  const date = /[yd]|m{3,}/i.test(signs) || (/m/i.test(signs) && !/[hs]/i.test(signs))
  const time = /[hs]/i.test(signs)
  if (date) return time ? 'datetime' : 'date'
  return time ? 'time' : 'number'
}

const day = 86_400_000

/** The value of a cell as text; it is written as `v` in its element. */
export function numberTextOf(written: string, kind: NumberKind, from1904: boolean): string {
  const value = Number(written)
  if (kind === 'number' || !Number.isFinite(value) || value < 0) return plainNumber(written, value)
  return dateTextOf(value, kind, from1904)
}

/** Excel knows 15 digits, and writes what binary fractions make of them. */
function plainNumber(written: string, value: number): string {
  if (/^-?\d{1,15}$/.test(written) || !Number.isFinite(value)) return written
  const text = String(Number(value.toPrecision(15)))
  return text.includes('e') ? withoutExponent(text) : text
}

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? []
  const digits = `${whole}${fraction}`
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}

function dateTextOf(value: number, kind: NumberKind, from1904: boolean): string {
  // 1900 is a leap year there, so days before March 1900 are counted from one later.
  const first = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, value < 60 ? 31 : 30)
  const instant = new Date(first + Math.round(value * day))
  if (Number.isNaN(instant.getTime())) return String(value)
  const [date = '', clock = ''] = instant.toISOString().slice(0, -1).split('T')
  const time = clock.replace(/\.000$/, '')
  if (kind === 'time' && value < 1) return time
  return kind === 'date' && value % 1 === 0 ? date : `${date}T${time}`
}
