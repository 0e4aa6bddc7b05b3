/**
 * A file of the delivery that is written row by row: rows are collected until writing is worth the while.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { OutputFile, type WrittenFile } from '@sluice/files'

export class RowFile {
  readonly #file: OutputFile
  #bytes: Buffer = Buffer.allocUnsafe(1 << 17)
  #length = 0

  private constructor(file: OutputFile) {
    this.#file = file
  }

  static async create(path: string): Promise<RowFile> {
    return new RowFile(await OutputFile.create(path))
  }

  add(bytes: Buffer, start: number, end: number): void {
    if (this.#length + end - start > this.#bytes.length) this.#grow(end - start)
    this.#length += bytes.copy(this.#bytes, this.#length, start, end)
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  /** Writes what was collected, when it is `enough`. */
  async drain(enough = 1): Promise<void> {
    if (this.#length < enough) return
    await this.#file.write(this.#bytes.subarray(0, this.#length))
    this.#length = 0
  }

  async finish(): Promise<WrittenFile> {
    await this.drain()
    return this.#file.finish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}
