/**
 * Date formats of a mapping (`dd/MM/yyyy HH:mm`) as SQL over text.
 *
 * The database does the work on whole columns, so a format becomes a pattern that recognises a value
 * and an expression that rearranges it into ISO 8601. PostgreSQL's own `to_date` is not used: it
 * accepts nonsense (`32/13/2026` becomes a date in 2027).
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'

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
  readonly matches: SQL
  /** SQL expressions of text, digits only; absent parts are constants. */
  readonly year: SQL
  readonly month: SQL
  readonly day: SQL
  readonly hour: SQL
  readonly minute: SQL
  readonly second: SQL
  readonly fraction: SQL
}

/**
 * Takes `text` (a SQL expression) apart after `format`. Where every token before a part has its fixed
 * length, the part is cut out by position: twenty times faster than a regular expression for each.
 */
export function dateParts(text: SQL, format: string): DateParts {
  const pieces = format.split(/(yyyy|SSS|MM|dd|HH|mm|ss|M|d|H)/).filter((piece) => piece !== '')
  const found = pieces.filter(isToken)
  const pattern = pieces
    .map((piece) => (isToken(piece) ? `(${tokens[piece]})` : escapePattern(piece)))
    .join('')
  const regex = sql.literal(`^${pattern}$`)
  const part = (absent: string, ...names: readonly Token[]) => {
    const token = found.find((name) => names.includes(name))
    if (token === undefined) return sql.literal(absent)
    const before = pieces.slice(0, pieces.indexOf(token))
    if ([...before, token].some(varies))
      return sql`(regexp_match(${text}, ${regex}))[${sql.literal(found.indexOf(token) + 1)}]`
    return sql`substr(${text}, ${sql.literal([...before.join('')].length + 1)}, ${sql.literal(token.length)})`
  }
  return {
    matches: sql`${text} ~ ${regex}`,
    year: part('1970', 'yyyy'),
    month: part('01', 'MM', 'M'),
    day: part('01', 'dd', 'd'),
    hour: part('00', 'HH', 'H'),
    minute: part('00', 'mm'),
    second: part('00', 'ss'),
    fraction: part('0', 'SSS'),
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
function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
