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

/** Values by column. */
export type Row = ReadonlyMap<string, string>

/** The rows of a table; those that are shorter than the header are filled. */
export function parseCsv(text: string): readonly Row[] {
  const records: string[][] = []
  let record: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    records.push(record)
    record = []
    if (end === '') break
  }
  const [header = [], ...rows] = records
  return rows.map((fields) => new Map(header.map((column, index) => [column, fields[index] ?? ''])))
}

/** Cases are compared without the empty lines at the end. */
export function withoutTrailingLines(text: string): string {
  return text.replace(/\n+$/, '')
}
