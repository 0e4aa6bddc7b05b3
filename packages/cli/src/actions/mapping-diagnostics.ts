/**
 * Diagnostics of syncmappings as lines of text and as JSON.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { Diagnostic } from '@sluice/syncmapping'
import type { Context } from '../context.ts'
import { formatPlace } from '../output/place.ts'
import { formatNumberOf } from '../output/quantities.ts'

/** As scripts and editors read it. */
export function plainDiagnostic({ code, severity, message, remedy, file, at, related }: Diagnostic) {
  const place = { file, line: at.line, column: at.column, length: at.length }
  return { ...place, severity, code, message, remedy, related: related && placeOf(related) }
}

function placeOf({ file, at }: Pick<Diagnostic, 'file' | 'at'>) {
  return { file, line: at.line, column: at.column }
}

/** A line for each, and how many there are. */
export async function printDiagnostics(
  { out }: Context,
  diagnostics: readonly Diagnostic[],
  files: number,
): Promise<void> {
  for (const one of diagnostics) await out.line(formatDiagnostic(one, out))
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter((one) => one.severity === severity).length
  const errors = count('error')
  const gap = diagnostics.length > 0 ? '\n' : ''
  const found = errors > 0 ? out.colors.red(formatNumberOf(errors, 'error')) : out.colors.green('No errors')
  const warnings = formatNumberOf(count('warning'), 'warning')
  await out.line(`${gap}${found}, ${warnings} in ${formatNumberOf(files, 'file')}.`)
}

/** Errors alone, on standard error. */
export async function printErrors({ err }: Context, diagnostics: readonly Diagnostic[]): Promise<void> {
  for (const one of diagnostics) {
    if (one.severity === 'error') await err.line(formatDiagnostic(one, err))
  }
}

function formatDiagnostic(one: Diagnostic, { colors }: Context['out']): string {
  const { code, severity, message, remedy } = one
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity]
  const line = `${formatPlace(placeOf(one))}: ${paint(`${severity} ${code}:`)} ${printable(message)}`
  return remedy === undefined ? line : `${line}\n  ${colors.cyan('→')} ${printable(remedy)}`
}
