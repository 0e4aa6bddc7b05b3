/**
 * The file `<mapping>.sorted.delta`: each row with the command that says what becomes of it.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import type { WrittenFile } from '@sluice/files'
import type { Projection } from '../projection.ts'
import { RowFile } from './row-file.ts'
import { headerLine } from './row-writer.ts'

const prefixes = Object.freeze({
  insert: Buffer.from('insert,'),
  update: Buffer.from('update,'),
  delete: Buffer.from('delete,'),
  merge: Buffer.from('merge,'),
})
export type DeltaCommand = keyof typeof prefixes

export class DeltaFile {
  rows = 0
  /** Rows that say delete. */
  deleted = 0
  readonly #file: RowFile

  private constructor(file: RowFile) {
    this.#file = file
  }

  static async create(folder: string, { mapping, columns }: Projection): Promise<DeltaFile> {
    const file = await RowFile.create(join(folder, deltaName(mapping)))
    const header = headerLine(['command', ...columns])
    file.add(header, 0, header.length)
    return new DeltaFile(file)
  }

  /** Adds the row `bytes[start, end)`, which ends with its line feed. */
  add(command: DeltaCommand, bytes: Buffer, start: number, end: number): void {
    const prefix = prefixes[command]
    this.#file.add(prefix, 0, prefix.length)
    this.#file.add(bytes, start, end)
    this.rows++
    if (command === 'delete') this.deleted++
  }

  async drain(enough?: number): Promise<void> {
    await this.#file.drain(enough)
  }

  async finish(): Promise<WrittenFile> {
    return this.#file.finish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}

export function deltaName(mapping: string): string {
  return `${mapping}.sorted.delta`
}
