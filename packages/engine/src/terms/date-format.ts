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

/**
 * Takes `text` (a SQL expression) apart after `format`. Where every token before a part has its fixed
 * length, the part is cut out by position: twenty times faster than a regular expression for each.
 */
export function dateParts(text: string, format: string): DateParts {
  const pieces = format.split(/(yyyy|SSS|MM|dd|HH|mm|ss|M|d|H)/).filter((piece) => piece !== '')
  const found = pieces.filter(isToken)
  const pattern = pieces
    .map((piece) => (isToken(piece) ? `(${tokens[piece]})` : escapePattern(piece)))
    .join('')
  const regex = literal(`^${pattern}$`)
  const part = (...names: readonly Token[]) => {
    const token = found.find((name) => names.includes(name))
    if (token === undefined) return undefined
    const before = pieces.slice(0, pieces.indexOf(token))
    if ([...before, token].some(varies))
      return `(regexp_match(${text}, ${regex}))[${found.indexOf(token) + 1}]`
    return `substr(${text}, ${[...before.join('')].length + 1}, ${token.length})`
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

/** A token of one letter stands for one or two digits. */
function varies(piece: string): boolean {
  return isToken(piece) && piece.length === 1
}

function isToken(piece: string): piece is Token {
  return Object.hasOwn(tokens, piece)
}

/** For a regular expression that matches the text itself. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
