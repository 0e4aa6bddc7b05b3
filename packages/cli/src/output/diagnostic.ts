/**
 * What is wrong with a module of syncmappings, as people read it.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { Diagnostic } from '@sluice/syncmapping'
import type { Colors } from './outlet.ts'
import { formatPlace } from './place.ts'

/** With its place, and what to do about it on a line of its own. */
export function formatDiagnostic(
  { code, severity, message, remedy, file, at }: Diagnostic,
  colors: Colors,
): string {
  const paint = severity === 'error' ? colors.red : colors.yellow
  const line = `${formatPlace({ file, line: at.line, column: at.column })}: ${paint(`${severity} ${code}:`)} ${printable(message)}`
  return remedy === undefined ? line : `${line}\n  ${colors.cyan('→')} ${printable(remedy)}`
}
