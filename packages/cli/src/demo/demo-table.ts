/**
 * Tables as the systems of the demo export them: CSV in which nothing has to be enclosed.
 *
 * @module
 */

export type Row = Readonly<{ [column: string]: string }>

export function csv(columns: readonly string[], rows: readonly Row[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
}

export function rowsOf(text: string): readonly Row[] {
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '')
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
  })
}

/** The same table with other rows. */
export function withRows(text: string, rows: readonly Row[]): string {
  return csv((text.split('\n')[0] ?? '').split(','), rows)
}
