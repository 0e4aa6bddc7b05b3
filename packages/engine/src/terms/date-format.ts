/**
 * Date formats of a mapping (`dd/MM/yyyy HH:mm`) as SQL over text.
 *
 * The database does the work on whole columns, so a format becomes a pattern that recognises a value
 * and an expression that rearranges it into ISO 8601. PostgreSQL's own `to_date` is not used: it
 * accepts nonsense (`32/13/2026` becomes a date in 2027).
 *
 * @module
 */
import { literal } from '@sluice/repository'

const tokens = {
  yyyy: '[0-9][0-9][0-9][0-9]',
  MM: '[0-9][0-9]',
  dd: '[0-9][0-9]',
  HH: '[0-9][0-9]',
  mm: '[0-9][0-9]',
  ss: '[0-9][0-9]',
  SSS: '[0-9][0-9][0-9]',
  M: '[0-9]{1,2}',
  d: '[0-9]{1,2}',
  H: '[0-9]{1,2}',
} as const
type Token = keyof typeof tokens

export interface DateParts {
  /** SQL condition: the text has the form of the format (its numbers may still be out of range). */
  readonly matches: string
  /** SQL expressions of text, digits only; absent parts are constants. */
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
  readonly fraction: string
}

/** Takes `text` (a SQL expression) apart after `format`. */
export function dateParts(text: string, format: string): DateParts {
  const pieces = format.split(/(yyyy|SSS|MM|dd|HH|mm|ss|M|d|H)/)
  const found: Token[] = []
  const pattern = pieces
    .map((piece) => {
      if (!isToken(piece)) return escapePattern(piece)
      found.push(piece)
      return `(${tokens[piece]})`
    })
    .join('')
  const regex = literal(`^${pattern}$`)
  const part = (...names: readonly Token[]) => {
    const index = found.findIndex((token) => names.includes(token))
    return index < 0 ? undefined : `(regexp_match(${text}, ${regex}))[${index + 1}]`
  }
  return {
    matches: `${text} ~ ${regex}`,
    year: part('yyyy') ?? "'1970'",
    month: part('MM', 'M') ?? "'01'",
    day: part('dd', 'd') ?? "'01'",
    hour: part('HH', 'H') ?? "'00'",
    minute: part('mm') ?? "'00'",
    second: part('ss') ?? "'00'",
    fraction: part('SSS') ?? "'0'",
  }
}

function isToken(piece: string): piece is Token {
  return Object.hasOwn(tokens, piece)
}

/** For a regular expression that matches the text itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
