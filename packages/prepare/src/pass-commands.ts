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
import { type MappingOfChanges, mappingsOfChanges } from './mappings-of-changes.ts'
import type { Projection } from './projection.ts'
import { badRow, textOf } from './read/bad-row.ts'
import type { Header } from './read/read-header.ts'
import type { RecordFields } from './read/record-fields.ts'
import type { RecordParser } from './read/record-parser.ts'
import type { BadRow, RecordSink, RowTrouble } from './read/record-sink.ts'
import { type OpenTable, positions, tableChunks } from './read/source-table.ts'
import { shaperOf } from './shape/load-expressions.ts'
import type { RecordExtent, RowShaper, ShapeTrouble } from './shape/row-shaper.ts'
import { anyKeyOf, rejectedBy } from './shape/shaped-rows.ts'
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
    for (const one of mappingsOfChanges(table, projections, roles, context)) {
      const shaper = one.silent ? undefined : await shaperOf(one.projection)
      const delta = await DeltaFile.create(folder, one.projection)
      all.push(new MappingCommands(one, { delta, rejections, shaper }))
    }
    const sink = new CommandSink(column, all)
    for (const file of table.files) {
      const { name } = file.plain.source
      for (const mapping of all) mapping.begin(name, file.header)
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
      return { column: 'command', reason: `"${cutText(storableText(text), 50)}" is not a command`, cutOff }
    }
    this.read++
    for (const mapping of this.#mappings) mapping.record({ command, line }, buffer, parser)
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

interface Command {
  readonly command: DeltaCommand
  /** Of the record, in its file. */
  readonly line: number
}

/** What a row of a command says of its columns. */
const extents: Readonly<Record<DeltaCommand, RecordExtent>> = {
  insert: 'whole',
  update: 'whole',
  merge: 'part',
  delete: 'key',
}

interface Parts {
  readonly delta: DeltaFile
  readonly rejections: Rejections
  readonly shaper: RowShaper | undefined
}

/** The rows of one mapping. */
class MappingCommands {
  readonly projection: Projection
  readonly #role: CommandRole
  readonly #silent: boolean
  readonly #delta: DeltaFile
  readonly #rejections: Rejections
  readonly #respelling: Respelling | undefined
  readonly #writer: RowWriter
  readonly #lines = new RowLines()
  readonly #shaper: RowShaper | undefined
  readonly #asRejected: (row: BadRow) => BadRow
  #bad: BadRow[] = []
  #rejected = 0
  #further = 0
  /** Rows that say nothing of it, as that something else is gone. */
  #unchanged = 0
  #file = ''
  #fields: readonly number[] = []
  #separator = ','

  constructor({ projection, role, silent }: MappingOfChanges, { delta, rejections, shaper }: Parts) {
    this.projection = projection
    this.#role = role
    this.#silent = silent
    this.#delta = delta
    this.#rejections = rejections
    this.#shaper = shaper
    this.#asRejected = anyKeyOf(projection)
    this.#respelling = Respelling.of(projection)
    this.#writer = new RowWriter(this.#respelling)
  }

  begin(file: string, header: Header): void {
    const shaper = this.#shaper
    this.#file = file
    this.#separator = header.separator
    if (this.#silent) return
    shaper?.read(file, header)
    this.#fields = shaper?.fields ?? positions(header, this.projection)
    this.#respelling?.read(this.#fields)
    this.#writer.read(this.#fields, shaper === undefined ? header.separator : ',')
  }

  /** Takes the rows of a record: one, or those that are made of it. */
  record(commanded: Command, buffer: Uint8Array, parser: RecordParser): void {
    const shaper = this.#shaper
    if (this.#silent) this.#unchanged++
    else if (shaper === undefined) this.#take(commanded, buffer, parser)
    else this.#shape(shaper, commanded, buffer, parser)
  }

  #shape(shaper: RowShaper, { command, line }: Command, buffer: Uint8Array, parser: RecordParser): void {
    const rows = shaper.take(buffer, parser, extents[command])
    // What the filter leaves out is no more, whatever the system says of it otherwise.
    const taken = rows === 0 ? shaper.take(buffer, parser, 'key') : rows
    const reject = (trouble: ShapeTrouble) => {
      const place = { file: this.#file, line, separator: this.#separator }
      this.#reject(rejectedBy(trouble, place, textOf(buffer, parser)))
    }
    if (typeof taken !== 'number') {
      reject(taken)
      return
    }
    this.#further += taken - 1
    for (let row = 0; row < taken; row++) {
      const trouble = shaper.write(row)
      if (trouble !== undefined) reject({ ...trouble, key: undefined })
      else this.#take({ command: rows === 0 ? 'delete' : command, line }, shaper.made.bytes, shaper.made)
    }
  }

  #take(commanded: Command, buffer: Uint8Array, record: RecordFields): void {
    const reason = tooLong(record, this.#fields)
    const trouble = reason === undefined ? this.#respelling?.take(buffer, record) : { column: null, reason }
    if (trouble === undefined) this.#row(commanded, buffer, record)
    else
      this.#reject(
        badRow(
          { file: this.#file, line: commanded.line, ...trouble },
          textOf(buffer, record),
          this.#separator,
        ),
      )
  }

  notes(): readonly string[] {
    return this.#respelling?.notes() ?? []
  }

  #row({ command, line }: Command, buffer: Uint8Array, record: RecordFields): void {
    const meant = commandFor(this.#role, command)
    if (meant === undefined) {
      this.#unchanged++
      return
    }
    this.#writer.clear()
    this.#writer.writeRow(buffer, record)
    this.#lines.add(this.#file, line)
    this.#delta.add(meant, this.#writer.bytes(), 0, this.#writer.length)
  }

  reject(row: BadRow): void {
    this.#reject(this.#asRejected(row))
  }

  #reject(row: BadRow): void {
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
      ...(this.#further === 0 ? {} : { further: this.#further }),
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
