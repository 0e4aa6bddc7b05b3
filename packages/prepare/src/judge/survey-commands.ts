/**
 * Looks through the column of commands of a table before anything is believed of it: some have such a column for reasons of
 * their own, and some hand over changes where everything is wanted.
 *
 * Managed systems write it first. Anywhere else it is taken for commands only while no row holds what no command looks like,
 * because a list of jobs has a column of that name, too. A word that is none is a mistake of one row.
 *
 * @module
 */
import { type CommandRole, type CommandRoles, commandsDetected, cutText, storableText } from '@sluice/model'
import {
  ChangesInCompleteError,
  NoCommandsError,
  NothingOfCommandsError,
  UnclearCommandsError,
} from '../command-errors.ts'
import type { Projection } from '../projection.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from '../read/record-sink.ts'
import { type OpenTable, tableChunks } from '../read/source-table.ts'
import type { TableContext } from '../table-context.ts'
import { commandColumn, readCommand } from './command-column.ts'
import { scannedFile, scanRecords } from './scan-records.ts'

/** How a table says what changed. */
export interface TableCommands {
  /** Where the column stands. */
  readonly column: number
  /** What a command means to each mapping of the table, by its name. */
  readonly roles: ReadonlyMap<string, CommandRole>
}

/**
 * How the table says what changed; `undefined` where it says everything. Throws `ChangesInCompleteError` for a complete of which
 * a row says that something changed or is gone, `NoCommandsError` for an incremental whose mapping wants the column, and
 * `UnclearCommandsError` where nothing tells which mapping the rows are of,
 * and `NothingOfCommandsError` where only changes may be and the table holds none.
 */
export async function commandsOf(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<TableCommands | undefined> {
  const found = await findCommands(table, projections, context)
  if (found === undefined && context.changesOnly) {
    const [{ file } = { file: '' }] = projections
    const of = context.commandRoles(file)
    const name = of.kind === 'data' ? 'command' : of.column.name
    throw new NothingOfCommandsError(nameOf(table), name, headerOf(table))
  }
  return found
}

async function findCommands(
  table: OpenTable,
  projections: readonly Projection[],
  context: TableContext,
): Promise<TableCommands | undefined> {
  const [{ file } = { file: '' }] = projections
  const of = context.commandRoles(file)
  if (of.kind === 'data') return undefined
  const column = commandColumn(table, projections, of.column)
  const configured = of.kind === 'commands' && of.configured
  if (column === undefined) {
    if (configured && context.base !== undefined)
      throw new NoCommandsError(nameOf(table), of.commanded, {
        column: of.column.name,
        header: headerOf(table),
      })
    return undefined
  }
  if (context.base === undefined) {
    const { change } = await survey(table, column, configured, context)
    if (change !== undefined) throw new ChangesInCompleteError(change)
    return undefined
  }
  if (column > 0 && !configured) {
    const { data } = await survey(table, column, configured, context)
    if (data !== undefined) return undefined
  }
  return rolesOf(table, column, of, context)
}

function rolesOf(
  table: OpenTable,
  column: number,
  of: Exclude<CommandRoles, { kind: 'data' }>,
  { note }: TableContext,
): TableCommands {
  if (of.kind === 'unclear') throw new UnclearCommandsError(nameOf(table), of.candidates)
  if (!of.configured) note(commandsDetected(nameOf(table), headerOf(table)[column] ?? '', of))
  return { column, roles: of.roles }
}

function headerOf({ files: [first] }: OpenTable): readonly string[] {
  return first?.header.columns ?? []
}

function nameOf({ files: [first] }: OpenTable): string {
  return first?.plain.source.name ?? ''
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

/** Looks through the column; one that nobody has configured, and that holds what no command looks like, is told to be data. */
async function survey(
  table: OpenTable,
  column: number,
  configured: boolean,
  context: TableContext,
): Promise<Survey> {
  const sink = new SurveyingSink(column)
  for (const file of table.files) {
    const scanned = scannedFile(table, file, context.settings.maximumFieldSize)
    await scanRecords(
      tableChunks(file, context, () => undefined),
      scanned,
      sink,
    )
  }
  const { data, change } = sink
  if (column === 0 || configured || data === undefined) return { data: undefined, change }
  context.note(takenForData(table, column, data))
  return { data, change: undefined }
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

function takenForData(table: OpenTable, column: number, { file, line, word }: Found): string {
  const name = headerOf(table)[column] ?? 'command'
  return `The column ${name} is not taken for commands, but for data that nothing maps: ${file}, line ${line}, holds "${word}".`
}
