/**
 * Findings of a check, in the form compilers use, so that editors and terminals make them links.
 *
 * @module
 */
import type { Finding } from '@sluice/model'
import { printable } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatPlace } from './place.ts'

/** Writes commands in a hint as they are typed. */
export type Hint = (text: string) => string

export const asItIs: Hint = (text) => text

/** `sluice.yaml:12:5: error SLUICE-CONFIGURATION-03: …`, and what to do on the next line. */
export function formatFinding(finding: Finding, colors: Colors, hint: Hint = asItIs): string {
  const paint = { error: colors.red, warning: colors.yellow, note: colors.dim }[finding.severity]
  const line = `${formatPlace(finding)}: ${paint(`${finding.severity} ${finding.code}:`)} ${printable(finding.message)}`
  return finding.remedy === undefined
    ? line
    : `${line}\n  ${colors.cyan('→')} ${printable(hint(finding.remedy))}`
}
