/**
 * Looks through the column of commands of a table before anything is believed of it: some have such a column for reasons of
 * their own, and some hand over changes where everything is wanted.
 *
 * Managed systems write it first. Anywhere else it is taken for commands only while no row holds what no command looks like,
 * because a list of jobs has a column of that name, too. A word that is none is a mistake of one row.
 *
 * @module
 */
import { cutText, storableText } from '@sluice/model'
import { ChangesInCompleteError } from '../prepare-errors.ts'
import type { Projection } from '../projection.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from '../read/record-sink.ts'
import { type OpenTable, tableChunks } from '../read/source-table.ts'
import type { TableContext } from '../table-context.ts'
import { commandColumn, readCommand } from './command-column.ts'
import { scannedFile, scanRecords } from './scan-records.ts'

/**
 * The column by which the table says what changed; `undefined` where it says everything. Throws `ChangesInCompleteError` for
 * a complete of which a row says that something changed or is gone.
 */
export async function commandsOf(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<number | undefined> {
  const column = commandColumn(table, projections)
  const whole = context.base === undefined
  if (column === undefined || (column === 0 && !whole)) return column
  const { data, change } = await survey(table, column, context)
  if (column > 0 && data !== undefined) {
    context.note(takenForData(table, column, data))
    return undefined
  }
  if (whole && change !== undefined) throw new ChangesInCompleteError(change)
  return whole ? undefined : column
}

/** Where a word stands. */
interface Found {
  readonly file: string
  readonly line: number
  readonly word: string
}

interface Survey {
  /** The first that is no word. */
  readonly data: Found | undefined
  /** The first that says that something changed or is gone. An insert is what a dump says of every row. */
  readonly change: Found | undefined
}

async function survey(table: OpenTable, column: number, context: TableContext): Promise<Survey> {
  const sink = new SurveyingSink(column)
  for (const file of table.files) {
    const scanned = scannedFile(table, file, context.settings.maximumFieldSize)
    await scanRecords(
      tableChunks(file, context, () => undefined),
      scanned,
      sink,
    )
  }
  return sink
}

/** Rejects the rows that it looks for, because a rejected row is told with its place. */
class SurveyingSink implements RecordSink, Survey {
  data: Found | undefined
  change: Found | undefined
  readonly #column: number
  #word: { readonly text: string; readonly kind: 'data' | 'change' } | undefined

  constructor(column: number) {
    this.#column = column
  }

  row(buffer: Uint8Array, parser: RecordParser): RowTrouble | undefined {
    const text = new TextDecoder().decode(
      buffer.subarray(parser.starts[this.#column], parser.ends[this.#column]),
    )
    const command = readCommand(text)
    const changes = command !== undefined && command !== 'insert' && text.trim() !== ''
    const other = command === undefined && !/^\s*[a-z]+\s*$/i.test(text)
    const kind = other ? 'data' : changes ? 'change' : undefined
    if (kind === undefined || this[kind] !== undefined) return undefined
    this.#word = { text: cutText(storableText(text), 50), kind }
    return { column: null, reason: kind }
  }

  reject({ file, line }: BadRow): void {
    // Any other row that cannot be read is rejected, with its reason, when the table is prepared.
    if (this.#word === undefined) return
    this[this.#word.kind] = { file, line, word: this.#word.text }
    this.#word = undefined
  }

  async drain(): Promise<void> {
    // Nothing is written.
  }
}

function takenForData({ files: [first] }: OpenTable, column: number, { file, line, word }: Found): string {
  const name = first?.header.columns[column] ?? 'command'
  return `The column ${name} is not taken for commands, but for data that nothing maps: ${file}, line ${line}, holds "${word}".`
}
