/**
 * Rows that were left out, each with its place in the source file.
 *
 * @module
 */
import { printable, type RejectedRow, visibleText } from '@sluice/model'
import { quoteValue } from './display-value.ts'
import type { Colors } from './outlet.ts'

/** `people.csv:17: Person "P-12": hired "31.02.2024": not a date` */
export function describeRejectedRow(row: RejectedRow, colors: Colors): string {
  const place = row.line === null ? row.file : `${row.file}:${row.line}`
  const who = row.key === null ? row.mapping : `${row.mapping} ${quoteValue(row.key)}`
  const value = row.value === null ? null : visibleText(row.value)
  const what = row.column === null ? '' : `${row.column} ${quoteValue(value)}: `
  return `${colors.bold(printable(place))}: ${who}: ${what}${printable(row.reason)}`
}
