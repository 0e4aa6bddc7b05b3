/**
 * Tables in which the managed system says itself what changed: their rows go on as they are, in the order of
 * the file, neither cleansed nor compared, with the command in one spelling; to a mapping that the rows are not of, they say
 * only what exists.
 *
 * Only what cannot be read, or says a command that nobody knows, is left out and listed.
 *
 * @module
 */
import { type CommandRole, cutText, storableText } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import { isCutOff, readCommand } from './judge/command-column.ts'
import { factNotes } from './judge/fact-notes.ts'
import { scannedFile, scanRecords } from './judge/scan-records.ts'
import type { TableCommands } from './judge/survey-commands.ts'
import type { Projection } from './projection.ts'
import { badRow, textOf } from './read/bad-row.ts'
import type { RecordParser } from './read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from './read/record-sink.ts'
import { type OpenTable, positions, tableChunks } from './read/source-table.ts'
import type { TableContext } from './table-context.ts'
import { type DeltaCommand, DeltaFile, deltaName } from './write/delta-file.ts'
import type { Rejections } from './write/rejections.ts'
import { Respelling } from './write/respelling.ts'
import { RowLines } from './write/row-lines.ts'
import { RowWriter } from './write/row-writer.ts'
import { tooLong } from './write/staged-size.ts'

/** Prepares the mappings of one table, in one reading of its files. */
export async function passCommands(
  table: OpenTable,
  { column, roles }: TableCommands,
  projections: readonly Projection[],
  context: TableContext,
): Promise<PreparedFile[]> {
  const { folder, rejections, settings, progress } = context
  const all: MappingCommands[] = []
  try {
    for (const projection of projections) {
      const role = roles.get(projection.mapping) ?? { kind: 'mentioned' }
      const delta = await DeltaFile.create(folder, projection)
      all.push(new MappingCommands(projection, role, delta, rejections))
    }
    const sink = new CommandSink(column, all)
    for (const file of table.files) {
      const { name } = file.plain.source
      for (const mapping of all)
        mapping.begin(name, positions(file.header, mapping.projection), file.header.separator)
      const scanned = scannedFile(table, file, settings.maximumFieldSize)
      const chunks = tableChunks(file, context, () => progress.rows(sink.read))
      for (const text of factNotes(name, await scanRecords(chunks, scanned, sink))) context.note(text)
    }
    const prepared: PreparedFile[] = []
    for (const mapping of all) {
      for (const text of mapping.notes()) context.note(text)
      prepared.push(await mapping.finish())
    }
    return prepared
  } finally {
    for (const mapping of all) await mapping[Symbol.asyncDispose]()
  }
}

/** Reads the command of each row once, for all mappings of the table. */
class CommandSink implements RecordSink {
  read = 0
  readonly #column: number
  readonly #mappings: readonly MappingCommands[]

  constructor(column: number, mappings: readonly MappingCommands[]) {
    this.#column = column
    this.#mappings = mappings
  }

  row(buffer: Uint8Array, parser: RecordParser, line: number): RowTrouble | undefined {
    const bytes = buffer.subarray(parser.starts[this.#column], parser.ends[this.#column])
    const text = new TextDecoder().decode(bytes)
    const command = readCommand(text)
    if (command === undefined) {
      const cutOff = parser.unterminated && this.#column === parser.count - 1 && isCutOff(text)
      return { column: 'command', reason: `"${cutText(storableText(text), 50)}" is no command`, cutOff }
    }
    this.read++
    for (const mapping of this.#mappings)
      if (!mapping.refuses(buffer, parser, line)) mapping.row({ command, line }, buffer, parser)
    return undefined
  }

  reject(row: BadRow): void {
    this.read++
    for (const mapping of this.#mappings) mapping.reject(row)
  }

  async drain(): Promise<void> {
    for (const mapping of this.#mappings) await mapping.drain()
  }
}

/** The rows of one mapping. */
class MappingCommands {
  readonly projection: Projection
  readonly #role: CommandRole
  readonly #delta: DeltaFile
  readonly #rejections: Rejections
  readonly #respelling: Respelling | undefined
  readonly #writer: RowWriter
  readonly #lines = new RowLines()
  #bad: BadRow[] = []
  #rejected = 0
  /** Rows that say that something else is gone. */
  #unchanged = 0
  #file = ''
  #fields: readonly number[] = []
  #separator = ','

  constructor(projection: Projection, role: CommandRole, delta: DeltaFile, rejections: Rejections) {
    this.projection = projection
    this.#role = role
    this.#delta = delta
    this.#rejections = rejections
    this.#respelling = Respelling.of(projection)
    this.#writer = new RowWriter(this.#respelling)
  }

  begin(file: string, fields: readonly number[], separator: string): void {
    this.#file = file
    this.#fields = fields
    this.#separator = separator
    this.#respelling?.read(fields)
    this.#writer.read(fields, separator)
  }

  /** Rejects a row that cannot be stored, whatever is in it. */
  refuses(buffer: Uint8Array, parser: RecordParser, line: number): boolean {
    const reason = tooLong(parser, this.#fields)
    const trouble = reason === undefined ? this.#respelling?.take(buffer, parser) : { column: null, reason }
    if (trouble === undefined) return false
    this.reject(badRow({ file: this.#file, line, ...trouble }, textOf(buffer, parser), this.#separator))
    return true
  }

  notes(): readonly string[] {
    return this.#respelling?.notes() ?? []
  }

  row(
    { command, line }: { readonly command: DeltaCommand; readonly line: number },
    buffer: Uint8Array,
    parser: RecordParser,
  ): void {
    const meant = commandFor(this.#role, command)
    if (meant === undefined) {
      this.#unchanged++
      return
    }
    this.#writer.clear()
    this.#writer.writeRow(buffer, parser)
    this.#lines.add(this.#file, line)
    this.#delta.add(meant, this.#writer.bytes(), 0, this.#writer.length)
  }

  reject(row: BadRow): void {
    this.#rejected++
    this.#bad.push(row)
  }

  async drain(): Promise<void> {
    await this.#delta.drain()
    await this.#rejections.write(this.projection.mapping, this.#bad)
    this.#bad = []
  }

  async finish(): Promise<PreparedFile> {
    const { mapping, columns } = this.projection
    const written = await this.#delta.finish()
    const { rows, deleted } = this.#delta
    return {
      name: deltaName(mapping),
      mapping,
      kind: 'delta',
      columns: [...columns],
      ...written,
      rows,
      read: rows + this.#rejected + this.#unchanged,
      rejected: this.#rejected,
      nullKey: 0,
      duplicate: 0,
      noLink: 0,
      unchanged: this.#unchanged,
      deleted,
      places: this.#lines.places,
      ...(this.#role.kind === 'following' ? { follows: this.#role.end } : {}),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#delta[Symbol.asyncDispose]()
  }
}

/** What a command of a row says of a mapping; `undefined`: nothing. */
function commandFor({ kind }: CommandRole, command: DeltaCommand): DeltaCommand | undefined {
  if (kind === 'commanded') return command
  if (command !== 'delete') return 'merge'
  return kind === 'following' ? 'delete' : undefined
}
