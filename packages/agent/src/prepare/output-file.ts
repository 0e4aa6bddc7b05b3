/**
 * A file that prepare writes: counted, summed, and honest about a full disk.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DiskFullError } from './prepare-errors.ts'

export interface WrittenFile {
  readonly size: number
  readonly sha256: string
}

/** A file that is written front to back. */
export class FileWriter {
  readonly path: string
  readonly #handle: FileHandle
  size = 0

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle
    this.path = path
  }

  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await naming(dirname(path), open(path, 'w')), path)
  }

  async write(bytes: Buffer): Promise<void> {
    this.size += bytes.length
    let at = 0
    while (at < bytes.length) {
      const { bytesWritten } = await naming(dirname(this.path), this.#handle.write(bytes, at))
      at += bytesWritten
    }
  }

  async finish(): Promise<void> {
    await naming(dirname(this.path), this.#handle.close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close().catch(() => {})
  }
}

/** A file of the delivery: its sum is taken while it is written. */
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

/** Turns "no space left" into an error that names the folder. */
export async function naming<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw isDiskFull(cause) ? new DiskFullError(folder, cause) : cause
  }
}

export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  return ('code' in cause && cause.code === 'ENOSPC') || /no space left on device/i.test(cause.message)
}
