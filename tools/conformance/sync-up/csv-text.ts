/**
 * CSV as the cases write it: RFC 4180, a field quoted only when it has to be, an empty field for null.
 *
 * @module
 */

export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(writeField).join(',')).join('\n')
}

function writeField(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** The rows of a table, its header first; those that are shorter are filled. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
    if (end === '') break
  }
  const width = rows[0]?.length ?? 0
  return rows.map((fields) => [...fields, ...Array(Math.max(0, width - fields.length)).fill('')])
}

/** Cases are compared without the empty lines at the end. */
export function withoutTrailingLines(text: string): string {
  return text.replace(/\n+$/, '')
}
