/**
 * A source file that a connector writes: CSV in UTF-8, with a header, as fast as the disk takes it and no faster.
 *
 * @module
 */
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { orDiskFull } from '@sluice/files'
import type { TableWriter } from '../contract/export-context.ts'

/** Characters that are written at once. */
const chunk = 65_536

export class TableFile implements TableWriter {
  /** Rows below the header. */
  rows = 0
  readonly #stream: WriteStream
  readonly #ended: Promise<void>
  readonly #cells: number
  readonly #name: string
  readonly #onRow: () => void
  #text: string

  private constructor(name: string, stream: WriteStream, columns: readonly string[], onRow: () => void) {
    this.#name = name
    this.#stream = stream
    this.#ended = finished(stream)
    // Whoever waits for the file hears of it; until then nobody does.
    this.#ended.catch(() => {})
    this.#cells = columns.length
    this.#text = lineOf(columns)
    this.#onRow = onRow
  }

  /** `onRow` may throw, to end the writing. */
  static async begin(
    folder: string,
    name: string,
    columns: readonly string[],
    onRow: () => void,
  ): Promise<TableFile> {
    const path = join(folder, name)
    await orDiskFull(folder, mkdir(dirname(path), { recursive: true }))
    return new TableFile(name, createWriteStream(path, { highWaterMark: 4 * chunk }), columns, onRow)
  }

  write(cells: readonly (string | undefined)[]): Promise<void> | undefined {
    this.#onRow()
    if (cells.length !== this.#cells)
      throw new Error(`A row of ${this.#name} has ${cells.length} cells, and its header ${this.#cells}.`)
    this.rows++
    this.#text += lineOf(cells)
    if (this.#text.length < chunk) return undefined
    const text = this.#text
    this.#text = ''
    return this.#stream.write(text) ? undefined : this.#drained()
  }

  async copy(csv: AsyncIterable<Uint8Array>, rows: () => number): Promise<void> {
    this.#stream.write(this.#text)
    this.#text = ''
    for await (const bytes of csv) {
      this.#onRow()
      if (!this.#stream.write(bytes)) await this.#drained()
    }
    this.rows += rows()
  }

  /** All of it is written. */
  async end(folder: string): Promise<void> {
    this.#stream.end(this.#text)
    await orDiskFull(folder, this.#ended)
  }

  /** What is written is of no use. */
  async giveUp(): Promise<void> {
    this.#stream.destroy()
    await this.#ended.catch(() => {})
  }

  async #drained(): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#stream.once('drain', resolve))
    await Promise.race([drained, this.#ended])
  }
}

function lineOf(cells: readonly (string | undefined)[]): string {
  let line = ''
  for (let index = 0; index < cells.length; index++) {
    if (index > 0) line += ','
    const cell = cells[index]
    if (cell !== undefined) line += quoted(cell)
  }
  // A line that is empty would be no row.
  return line === '' ? '""\n' : `${line}\n`
}

const special = /[",\r\n]|^[\s\uFEFF]|\s$/

function quoted(cell: string): string {
  return special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
