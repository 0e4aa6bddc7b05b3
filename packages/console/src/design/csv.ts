/**
 * CSV as RFC 4180 has it. A text that a spreadsheet would take for a formula gets an apostrophe before it.
 *
 * @module
 */
type Cell = string | number | null | undefined

export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return csvRows([header, ...rows])
}

/** Without a header: what goes on. */
export function csvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
