/**
 * The two tables that a graph becomes on its way: `nodes.csv` and `relationships.csv`, prepared from there on like any other.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FileWriter } from '@sluice/files'
import {
  nodeColumns,
  nodesMapping,
  type PrepareSettings,
  relationshipColumns,
  relationshipId,
  relationshipsMapping,
} from '@sluice/model'
import type { SourceFile } from '../read/plain-file.ts'
import type { BadRow } from '../read/record-sink.ts'
import type { Rejections } from '../write/rejections.ts'
import { csvField, headerLine } from '../write/row-writer.ts'
import type { NodeRow, RelationshipRow } from './graph-item.ts'

export interface GraphTable {
  readonly mapping: string
  readonly file: string
  readonly parts: readonly SourceFile[]
}

const pieceSize = 1 << 18

/** Rows of one table, written in pieces. */
class TableWriter {
  readonly mapping: string
  readonly #file: FileWriter
  #text = ''
  rejected = 0
  bad: BadRow[] = []

  constructor(mapping: string, file: FileWriter) {
    this.mapping = mapping
    this.#file = file
  }

  row(fields: readonly string[]): void {
    this.#text += `${fields.map(csvField).join(',')}\n`
  }

  reject(row: BadRow): void {
    this.rejected++
    this.bad.push(row)
  }

  async drain(rejections: Rejections, least = pieceSize): Promise<void> {
    if (this.#text.length >= least) {
      await this.#file.write(Buffer.from(this.#text))
      this.#text = ''
    }
    if (this.bad.length === 0) return
    await rejections.write(this.mapping, this.bad)
    this.bad = []
  }

  async finish(): Promise<GraphTable> {
    await this.#file.finish()
    const { path } = this.#file
    const { size, mtimeMs } = await stat(path)
    const name = `${this.mapping}.csv`
    return { mapping: this.mapping, file: name, parts: [{ path, name, size, modified: mtimeMs }] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}

interface TablesContext {
  readonly tempFolder: string
  readonly settings: Pick<PrepareSettings, 'maximumFieldSize'>
  readonly rejections: Rejections
}

/** Who takes what is read of a graph. */
export class GraphTables {
  readonly #nodes: TableWriter
  readonly #relationships: TableWriter
  readonly #rejections: Rejections
  readonly #longestField: number

  private constructor(
    nodes: TableWriter,
    relationships: TableWriter,
    { rejections, settings }: TablesContext,
  ) {
    this.#nodes = nodes
    this.#relationships = relationships
    this.#rejections = rejections
    this.#longestField = settings.maximumFieldSize
  }

  static async create(context: TablesContext): Promise<GraphTables> {
    const table = async (mapping: string, columns: readonly string[]) => {
      const file = await FileWriter.create(join(context.tempFolder, `${mapping}.csv`))
      await file.write(headerLine(columns))
      return new TableWriter(mapping, file)
    }
    const nodes = await table(nodesMapping, nodeColumns)
    return new GraphTables(nodes, await table(relationshipsMapping, relationshipColumns), context)
  }

  /** Why a row cannot be written, which is then to be rejected. */
  whyTooLong(row: NodeRow | RelationshipRow): string | undefined {
    const longest = this.#longestField
    // A quote is written twice, and no character takes more than three bytes for each of its units.
    const isShort = Object.values(row).every(
      (field) => typeof field !== 'string' || field.length * 3 < longest / 2,
    )
    if (isShort) return undefined
    const size = Math.max(
      ...Object.values(row).map((field) =>
        typeof field === 'string' ? Buffer.byteLength(csvField(field)) : 0,
      ),
    )
    return size > longest
      ? `it takes ${size} bytes, and prepare.maximumFieldSize lets it take ${longest}`
      : undefined
  }

  node({ id, kind, attributes, destroyed }: NodeRow): void {
    this.#nodes.row([id, kind, attributes, destroyed ? 'true' : ''])
  }

  /** One that names a node that is in no file is delivered, too: who knows all of them says what it is. */
  relationship(row: RelationshipRow): void {
    const { from, fromRole, kind, toRole, to, attributes } = row
    // Without an end it has no key, and is set aside as such.
    const id = from === '' || to === '' ? '' : relationshipId(row)
    this.#relationships.row([id, from, fromRole, kind, toRole, to, attributes])
  }

  /** Of each table that the row may be of. */
  reject(mappings: readonly string[], row: BadRow): void {
    for (const table of [this.#nodes, this.#relationships])
      if (mappings.includes(table.mapping)) table.reject(row)
  }

  /** To be called now and then: the moment to write to disk. */
  async drain(): Promise<void> {
    await this.#nodes.drain(this.#rejections)
    await this.#relationships.drain(this.#rejections)
  }

  async finish(): Promise<{
    readonly tables: readonly GraphTable[]
    /** Rows that could not be read, by table. */
    readonly rejected: ReadonlyMap<string, number>
  }> {
    const both = [this.#nodes, this.#relationships]
    for (const table of both) await table.drain(this.#rejections, 0)
    const rejected = new Map(both.map(({ mapping, rejected: count }) => [mapping, count]))
    return { tables: [await this.#nodes.finish(), await this.#relationships.finish()], rejected }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#nodes[Symbol.asyncDispose]()
    await this.#relationships[Symbol.asyncDispose]()
  }
}
