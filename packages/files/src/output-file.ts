/**
 * A file that is written front to back: counted, summed where that is asked for, and honest about a full disk.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { orDiskFull } from './disk-full.ts'
import { privateFileMode } from './private-folder.ts'

export interface WrittenFile {
  readonly size: number
  readonly sha256: string
}

/** Its bytes are counted. */
export class FileWriter {
  readonly path: string
  readonly #handle: FileHandle
  size = 0

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle
    this.path = path
  }

  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await orDiskFull(dirname(path), open(path, 'w', privateFileMode)), path)
  }

  async write(bytes: Buffer): Promise<void> {
    this.size += bytes.length
    let at = 0
    while (at < bytes.length) {
      const { bytesWritten } = await orDiskFull(dirname(this.path), this.#handle.write(bytes, at))
      at += bytesWritten
    }
  }

  async finish(): Promise<void> {
    await orDiskFull(dirname(this.path), this.#handle.close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close().catch(() => {})
  }
}

/** Its sum is taken while it is written. */
export class OutputFile {
  readonly #file: FileWriter
  readonly #hash = createHash('sha256')

  private constructor(file: FileWriter) {
    this.#file = file
  }

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await FileWriter.create(path))
  }

  async write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    await this.#file.write(bytes)
  }

  /** Closes the file; its size and sum. */
  async finish(): Promise<WrittenFile> {
    await this.#file.finish()
    return { size: this.#file.size, sha256: this.#hash.digest('hex') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]()
  }
}
