/**
 * Keys as bytes whose plain byte order is the ordinal order of the texts by UTF-16 code unit.
 *
 * UTF-8 already sorts that way except that characters beyond U+FFFF must come before U+E000 to
 * U+FFFF. Both ranges together have as many places as there are code points from U+E000 on, so they
 * are shifted within it and every key stays valid UTF-8. Control characters below 0x10 are escaped
 * in order, which leaves 0x01 and 0x02 free as separators of the intermediate file.
 *
 * @module
 */

/** Between the parts of a composite key; sorts before every character of a part. */
export const partSeparator = 0x02
const escapeByte = 0x0e
const quote = 0x22

/** Most bytes that `writeSortKey` writes for a field of `length` bytes. */
export const sortKeySize = (length: number): number => length * 2 + 4

/**
 * Writes the field as a sort key into `target` and returns where it ends. `doubled` says that the
 * field is the inside of a quoted one with its quotes still doubled. The field is valid UTF-8.
 */
export function writeSortKey(
  source: Uint8Array,
  start: number,
  end: number,
  doubled: boolean,
  target: Uint8Array,
  at: number,
): number {
  let to = at
  let from = start
  while (from < end) {
    const byte = source[from] ?? 0
    if (byte >= 0x10 && byte < 0xee) {
      target[to++] = byte
      from += doubled && byte === quote ? 2 : 1
    } else if (byte < 0x10) {
      target[to++] = escapeByte
      target[to++] = 0x20 + byte
      from++
    } else {
      to = writeShifted(source, from, target, to)
      from += byte < 0xf0 ? 3 : 4
    }
  }
  return to
}

function writeShifted(source: Uint8Array, from: number, target: Uint8Array, at: number): number {
  const b0 = source[from] ?? 0
  const b1 = (source[from + 1] ?? 0) & 0x3f
  const b2 = (source[from + 2] ?? 0) & 0x3f
  if (b0 < 0xf0) {
    return writePoint((((b0 & 0x0f) << 12) | (b1 << 6) | b2) + 0x100000, target, at)
  }
  const b3 = (source[from + 3] ?? 0) & 0x3f
  return writePoint((((b0 & 0x07) << 18) | (b1 << 12) | (b2 << 6) | b3) - 0x2000, target, at)
}

function writePoint(point: number, target: Uint8Array, at: number): number {
  let to = at
  if (point > 0xffff) {
    target[to++] = 0xf0 | (point >> 18)
    target[to++] = 0x80 | ((point >> 12) & 0x3f)
  } else {
    target[to++] = 0xe0 | (point >> 12)
  }
  target[to++] = 0x80 | ((point >> 6) & 0x3f)
  target[to++] = 0x80 | (point & 0x3f)
  return to
}
