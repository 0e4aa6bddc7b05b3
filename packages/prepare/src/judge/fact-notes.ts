/**
 * What the report says of a file that was not read quite as it is written.
 *
 * @module
 */
import type { ScanFacts } from './scan-records.ts'

export function factNotes(file: string, { marks, excelTexts }: ScanFacts): readonly string[] {
  return [
    ...(marks === 0
      ? []
      : [
          `${file}: ${counted(marks, 'byte order mark')} before rows left out, as of part files that were joined`,
        ]),
    ...(excelTexts === 0
      ? []
      : [
          `${file}: ${counted(excelTexts, 'value')} written for Excel, as in ="0042", read as the text in quotes`,
        ]),
  ]
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
