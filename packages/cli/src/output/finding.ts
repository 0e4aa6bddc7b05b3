/**
 * Findings of a check, in the form compilers use, so that editors and terminals make them links.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { type Finding, printable } from '@sluice/model'
import { formatExcerpt } from './excerpt.ts'
import type { Colors } from './outlet.ts'
import { formatPlace } from './place.ts'

/** Writes commands in a hint as they are typed. */
export type Hint = (text: string) => string

export const asItIs: Hint = (text) => text

/** What an agent says of a proposal has codes of its own version. */
type PrintedFinding = Omit<Finding, 'code'> & { readonly code: string }

/** `sluice.yaml:12:5: error SLUICE-CONFIGURATION-03: …`, what stands there, and what to do on the last line. */
export function formatFinding(finding: PrintedFinding, colors: Colors, hint: Hint = asItIs): string {
  const paint = { error: colors.red, warning: colors.yellow, note: colors.dim }[finding.severity]
  const line = `${formatPlace(finding)}: ${paint(`${finding.severity} ${finding.code}:`)} ${printable(finding.message)}`
  const remedy =
    finding.remedy === undefined ? [] : [`  ${colors.cyan('→')} ${printable(hint(finding.remedy))}`]
  return [line, ...formatExcerpt(finding, textOf(finding), colors), ...remedy].join('\n')
}

/** Nothing where it cannot be read: what the finding says is worth telling without it. */
function textOf({ file, line, column, severity }: PrintedFinding): string {
  // A note is no mistake that has to be looked for.
  if (severity === 'note' || line === undefined || column === undefined) return ''
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
