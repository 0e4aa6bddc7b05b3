/**
 * `="0042"`: how texts are written so that Excel does not make numbers of them. What is meant is the text.
 *
 * @module
 */
import { flag, type RecordParser } from '../read/record-parser.ts'

const equals = 0x3d
const quote = 0x22
const comma = 0x2c

/** Takes the fields of the record found last in `buffer` out of this form; returns how many there were. */
export function takeOutExcelTexts(buffer: Uint8Array, parser: RecordParser): number {
  let found = 0
  for (let field = 0; field < parser.count; field++) {
    const flags = parser.flags[field] ?? 0
    if ((flags & (flag.strayQuote | flag.doubled)) === 0) continue
    // In a quoted field each quote stands twice.
    const quotes = (flags & flag.quoted) === 0 ? 1 : 2
    const start = (parser.starts[field] ?? 0) + 1 + quotes
    const end = (parser.ends[field] ?? 0) - quotes
    if (!isExcelText(buffer, start, end, quotes)) continue
    found++
    parser.starts[field] = start
    parser.ends[field] = end
    parser.flags[field] = withoutQuotes(flags, buffer.subarray(start, end))
  }
  return found
}

/** Of what stands between the quotes: there are quotes around it, and none in it. */
function isExcelText(buffer: Uint8Array, start: number, end: number, quotes: number): boolean {
  if (end < start || buffer[start - quotes - 1] !== equals) return false
  for (let at = 1; at <= quotes; at++) {
    if (buffer[start - at] !== quote || buffer[end + at - 1] !== quote) return false
  }
  return !buffer.subarray(start, end).includes(quote)
}

function withoutQuotes(flags: number, text: Uint8Array): number {
  const special = text.includes(comma) || text.includes(0x0a) || text.includes(0x0d)
  return (flags & ~(flag.strayQuote | flag.doubled | flag.special)) | (special ? flag.special : 0)
}

/** Whether the quoted field that opens at `open` may be in this form. */
export function mayBeExcelText(bytes: Uint8Array, open: number): boolean {
  return bytes[open + 1] === equals && bytes[open + 2] === quote
}
