/**
 * Rows of a source as somebody makes them up to try its rules out: a CSV whose header names properties.
 *
 * @module
 */
import { BrokenRecordError, type CsvRecord, RecordReader } from '@sluice/inbox'
import { type RowToTest, SluiceError } from '@sluice/model'

/** SLUICE-MATCH-07: a file of rows cannot be read; none of its rows was tested. The message says which line, and what is wrong with it. */
export class RowFileError extends SluiceError {
  readonly code = 'SLUICE-MATCH-07'
  readonly blame = 'usage'
  readonly retry = false

  constructor(file: string, line: number, reason: string) {
    super(`Line ${line} of ${file}: ${reason}.`, {
      remedy:
        'Correct the line. The header names properties, and primary_key, separated by commas or semicolons. <NULL> means no value.',
      place: { file, line },
    })
  }
}

/** Characters that a record may have. */
const longestRecord = 1_000_000

/** `file` names it in messages. */
export function readRowFile(text: string, file: string): readonly RowToTest[] {
  const [header, ...lines] = recordsOf(text.replace(/^\uFEFF/, ''), file)
  if (header === undefined) throw new RowFileError(file, 1, 'there is no header')
  if (lines.length === 0) throw new RowFileError(file, 1, 'there is no row after the header')
  const names = header.cells.map((name) => name.trim())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new RowFileError(file, header.line, `${JSON.stringify(twice)} occurs twice`)
  return lines.map(({ cells, line }) => {
    if (cells.length !== names.length)
      throw new RowFileError(file, line, `it has ${cells.length} cells, and the header ${names.length}`)
    return Object.fromEntries(names.map((name, index) => [name, cellValue(cells[index] ?? '')]))
  })
}

function cellValue(cell: string): string | null {
  return cell === '<NULL>' ? null : cell
}

function recordsOf(text: string, file: string): readonly CsvRecord[] {
  const [first = ''] = text.split('\n', 1)
  const separator = first.includes(';') ? ';' : ','
  const reader = new RecordReader({ separator, qualifier: '"' }, longestRecord)
  try {
    return [...reader.take(text), ...reader.end()]
  } catch (error) {
    if (!(error instanceof BrokenRecordError)) throw error
    throw new RowFileError(file, error.line, 'a quote is not closed, or text follows a closing quote')
  }
}
