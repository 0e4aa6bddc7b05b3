/**
 * The line that a finding is about, with a caret below the place.
 *
 * @module
 */
import { type Finding, printable } from '@sluice/model'
import stringWidth from 'string-width'
import type { Colors } from './outlet.ts'

/** Characters of an excerpt; a longer line is shown around its place. */
const longest = 100

/** Two lines, as compilers show them; none where the text has no such line, or the finding no column. */
export function formatExcerpt(
  { line, column, severity }: Pick<Finding, 'line' | 'column' | 'severity'>,
  text: string,
  colors: Colors,
): readonly string[] {
  if (line === undefined || column === undefined) return []
  const whole = text.split(/\r\n|\r|\n/)[line - 1]
  if (whole === undefined || whole.trim() === '' || holdsSecret(whole)) return []
  const at = Math.min(column - 1, whole.length)
  const from = at < longest ? 0 : at - Math.floor(longest / 2)
  const shown = (to: number) => printable(whole.slice(from, to).replaceAll('\t', ' '))
  const paint = { error: colors.red, warning: colors.yellow, note: colors.dim }[severity]
  const margin = ' '.repeat(String(line).length)
  return [
    `  ${colors.dim(`${line} |`)} ${shown(from + longest)}`,
    `  ${margin} ${colors.dim('|')} ${' '.repeat(stringWidth(shown(at)))}${paint('^')}`,
  ]
}

/** Whoever reads a log need not read a password in it. */
function holdsSecret(line: string): boolean {
  return (
    /(?:password|secret|token)\w*["']?\s*:\s*["']?[^\s$"'{[]/i.test(line) ||
    /:\/\/[^/\s]*:[^/\s]*@/.test(line)
  )
}
