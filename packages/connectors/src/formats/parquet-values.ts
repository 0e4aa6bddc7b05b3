/**
 * Values of Parquet as texts that are as exact as they are.
 *
 * @module
 */

/** Nanoseconds since 1970 as ISO 8601, without a zone, and without digits that are none. */
export function instantText(nanoseconds: bigint): string {
  const second = 1_000_000_000n
  const rest = ((nanoseconds % second) + second) % second
  const instant = new Date(Number((nanoseconds - rest) / 1_000_000n))
  if (Number.isNaN(instant.getTime())) return String(nanoseconds)
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`
  return `${instant.toISOString().slice(0, 19)}${fraction}`
}

/** A whole number, or the bytes of one, with a point so many digits from its end. */
export function decimalText(value: unknown, scale: number): unknown {
  const whole = value instanceof Uint8Array ? wholeOf(value) : toWhole(value)
  if (whole === undefined) return value
  const negative = whole < 0n
  const digits = String(negative ? -whole : whole).padStart(scale + 1, '0')
  const point = digits.length - scale
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  return negative ? `-${text}` : text
}

function toWhole(value: unknown): bigint | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : undefined
}

/** Two's complement, the highest byte first. */
function wholeOf(bytes: Uint8Array): bigint {
  let whole = 0n
  for (const byte of bytes) whole = (whole << 8n) | BigInt(byte)
  return ((bytes[0] ?? 0) & 0x80) === 0 ? whole : whole - (1n << BigInt(8 * bytes.length))
}

/** The shortest text that is the same number in four bytes. */
export function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(value)
}
