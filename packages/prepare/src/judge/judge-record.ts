/**
 * Decides what to do where quotes are broken or suspicious: leave out one line and go on, or refuse
 * the file. The measure is that no row is ever swallowed: going on is allowed only where every line
 * in doubt is accounted for.
 *
 * @module
 */
import {
  hasBalancedQuotes,
  isRowLiterally,
  isSoundRow,
  isSoundRowWithout,
  type LineRange,
  type LineShape,
  lineAt,
  linesUntil,
} from '../read/physical-lines.ts'
import type { Violation } from '../read/record-parser.ts'

export type Verdict =
  /** Leave out the first physical line; the reader goes on at the next. */
  | { readonly kind: 'leave-out-line'; readonly line: LineRange; readonly reason: string }
  /** Leave out the whole record. */
  | { readonly kind: 'leave-out-record' }
  | { readonly kind: 'accept' }
  /** `lines` physical lines are in doubt. */
  | { readonly kind: 'refuse'; readonly lines: number; readonly reason: string }
  /** The line in doubt is not whole in the buffer yet. */
  | { readonly kind: 'more' }

export interface Doubt {
  readonly buffer: Uint8Array
  /** Start of the record. */
  readonly start: number
  readonly openedAt: number
  readonly violationAt: number
  readonly violation: Violation
  /** End of the bytes at hand. */
  readonly end: number
  /** Nothing follows `end`. */
  readonly last: boolean
}

const leftOut: Record<Violation, string> = {
  'text-after-quote': 'text follows a closing quote',
  'too-long': 'a quoted field is longer than prepare.maximumFieldSize',
  'never-closed': 'a quote is never closed',
}

const refused: Record<Violation, string> = {
  'text-after-quote': 'is closed in the middle of a field',
  'too-long': 'is not closed within prepare.maximumFieldSize',
  'never-closed': 'is never closed',
}

/** A quote was followed by text, or never closed. */
export function judgeViolation(doubt: Doubt, shape: LineShape): Verdict {
  const { buffer, start, openedAt, violationAt, violation, end, last } = doubt
  const lines = [...linesUntil(buffer, start, violationAt, end, shape.lineEnds)]
  const [first] = lines
  const final = lines.at(-1)
  if (first === undefined || final === undefined) return { kind: 'more' }
  if (!last && (final.next === final.end || final.next === end)) return { kind: 'more' }

  if (lines.length === 1 && violation !== 'never-closed' && hasBalancedQuotes(buffer, first)) {
    return { kind: 'leave-out-line', line: first, reason: leftOut[violation] }
  }
  // A text that was cut off looks like rows too; only lines that follow make the place sure.
  const enough = violation === 'never-closed' ? (shape.columns > 2 ? 2 : 3) : 1
  if (lines.length < enough || openedAt >= first.next) {
    return { kind: 'refuse', lines: lines.length, reason: refused[violation] }
  }
  return orFirstLineOnly(doubt, lines, shape, refused[violation])
}

/** Only the first line is broken when each line from it to the trouble is a row by itself. */
function orFirstLineOnly(
  doubt: Pick<Doubt, 'buffer' | 'openedAt'>,
  lines: readonly LineRange[],
  shape: LineShape,
  reason: string,
): Verdict {
  const { buffer, openedAt } = doubt
  const [first, ...others] = lines
  if (
    first !== undefined &&
    shape.columns > 1 &&
    isSoundRowWithout(buffer, first, openedAt, shape) &&
    others.every((line) => isSoundRow(buffer, line, shape))
  ) {
    return {
      kind: 'leave-out-line',
      line: first,
      reason: 'a quote opens a field and is not closed on the line',
    }
  }
  return { kind: 'refuse', lines: lines.length, reason }
}

export interface Spanning {
  readonly buffer: Uint8Array
  readonly start: number
  /** After the record and its line end. */
  readonly next: number
  /** The first quote that is not closed on its line. */
  readonly openedAt: number
  readonly fits: boolean
}

/**
 * A record with sound quotes that spans several physical lines: a field with line breaks, or two
 * stray quotes that swallowed the rows between them?
 */
export function judgeSpanning(record: Spanning, shape: LineShape): Verdict {
  const { buffer, start, next, fits } = record
  const lines = [...linesUntil(buffer, start, next - 1, next, shape.lineEnds)]
  const reason = `spans ${lines.length} lines that look like rows of their own`
  if (fits) {
    const suspicious = shape.columns >= 3 || (shape.columns === 2 && lines.length >= 3)
    return suspicious && lines.every((line) => isRowLiterally(buffer, line, shape))
      ? { kind: 'refuse', lines: lines.length, reason }
      : { kind: 'accept' }
  }
  if (!lines.slice(1).some((line) => isRowLiterally(buffer, line, shape))) return { kind: 'leave-out-record' }
  return orFirstLineOnly(record, lines, shape, reason)
}

/** The start of the first quoted field that holds a line break, given the record's fields. */
export function firstSpanningQuote(
  buffer: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
): number {
  for (let field = 0; field < count; field++) {
    const start = starts[field] ?? 0
    const end = ends[field] ?? 0
    const line = lineAt(buffer, start, end, 'cr')
    if (line.next > line.end) return start - 1
  }
  return starts[0] ?? 0
}
