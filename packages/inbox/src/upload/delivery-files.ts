/**
 * The files of one delivery on disk, while they arrive.
 *
 * Pieces are written as they come, and summed on the way, so that sealing a large delivery need not read it
 * again. Nothing is believed of a file that another process may have written meanwhile: it is read.
 *
 * @module
 */
import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFileMode, privateFolderMode, sumOfFile, syncFile, syncNames } from '@sluice/files'
import { deliveredFileNameSchema } from '@sluice/protocol'
import { DamagedDeliveryError } from '../queue/delivery-errors.ts'
import {
  DeliveryTooLargeError,
  FileAtWorkError,
  OffsetDiffersError,
  UnsafeDeliveryFileError,
} from './upload-errors.ts'

/** A file as this process left it. */
interface Seen {
  size: number
  /** Nanoseconds; another one means that somebody else wrote. */
  modified: bigint
  /** Over the whole file; absent when its beginning was not seen. */
  hash: Hash | undefined
}

export interface Piece {
  readonly offset: number
  readonly content: AsyncIterable<Uint8Array>
  /** Of this file, as announced. */
  readonly declared: number | undefined
  /** Of all files of the delivery. */
  readonly limit: number
  /** Asked before each chunk; `false` ends the writing, for a delivery that is over. */
  stillOpen(): Promise<boolean>
}

interface Expected {
  readonly name: string
  readonly size: number
  readonly sha256: string
}

export class DeliveryFiles {
  readonly #id: string
  readonly #folder: string
  readonly #seen = new Map<string, Seen>()
  readonly #atWork = new Set<string>()
  /** Bytes of all files together, while pieces arrive. */
  #total = 0

  constructor(id: string, folder: string) {
    this.#id = id
    this.#folder = folder
  }

  /** Path of a file; no name leads out of the folder. */
  pathOf(file: string): string {
    if (!deliveredFileNameSchema.safeParse(file).success) {
      throw new UnsafeDeliveryFileError(
        this.#id,
        JSON.stringify(file),
        'a delivery has no file of such a name',
      )
    }
    return join(this.#folder, file)
  }

  async makeFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: privateFolderMode })
    if (!(await lstat(this.#folder)).isDirectory()) {
      throw new UnsafeDeliveryFileError(this.#id, 'The folder', 'it is not a folder')
    }
  }

  /** Size of a file, 0 when there is none. */
  async sizeOf(file: string): Promise<number> {
    const found = await lstat(this.pathOf(file)).catch(() => undefined)
    if (found === undefined) return 0
    if (!found.isFile()) throw new UnsafeDeliveryFileError(this.#id, file, 'it is not a file')
    return found.size
  }

  async append(file: string, piece: Piece): Promise<number> {
    const path = this.pathOf(file)
    if (this.#atWork.has(file)) throw new FileAtWorkError(this.#id, file)
    const alone = this.#atWork.size === 0
    this.#atWork.add(file)
    try {
      await this.makeFolder()
      const size = await this.sizeOf(file)
      if (piece.offset !== 0 && piece.offset !== size) {
        throw new OffsetDiffersError(this.#id, file, piece.offset, size)
      }
      if (alone) this.#total = await this.#sizeOfAll()
      const seen = await this.#begin(file, path, piece.offset, size)
      await this.#write(file, path, seen, piece)
      return seen.size
    } finally {
      this.#atWork.delete(file)
    }
  }

  /** Where a piece goes on: from what is known of the file, or from nothing. */
  async #begin(file: string, path: string, offset: number, size: number): Promise<Seen> {
    if (offset > 0) {
      const seen = await this.#known(file)
      return { size, modified: 0n, hash: seen?.hash }
    }
    await rm(path, { force: true })
    this.#total -= size
    await (await open(path, 'wx', privateFileMode)).close()
    return { size: 0, modified: 0n, hash: createHash('sha256') }
  }

  async #write(file: string, path: string, seen: Seen, piece: Piece): Promise<void> {
    this.#seen.delete(file)
    const handle = await open(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0))
    const writer = gatheringWriter((bytes) => appendTo(handle, seen, bytes))
    let size = seen.size
    try {
      for await (const chunk of piece.content) {
        this.#checkRoom(file, size + chunk.length, chunk.length, piece)
        if (!(await piece.stillOpen())) break
        size += chunk.length
        this.#total += chunk.length
        await writer.add(chunk)
      }
    } finally {
      await this.#finish(file, seen, handle, writer)
    }
  }

  /** What arrived before the content broke off is kept. */
  async #finish(
    file: string,
    seen: Seen,
    handle: FileHandle,
    writer: { end(): Promise<void> },
  ): Promise<void> {
    try {
      await writer.end()
    } finally {
      await this.#remember(file, seen, handle)
    }
  }

  async #remember(file: string, seen: Seen, handle: FileHandle): Promise<void> {
    const found = await handle.stat({ bigint: true })
    seen.modified = found.mtimeNs
    // A disk that was full took less than was meant to be written.
    if (BigInt(seen.size) === found.size) this.#seen.set(file, seen)
    await handle.close()
  }

  #checkRoom(file: string, size: number, more: number, { declared, limit }: Piece): void {
    if (declared !== undefined && size > declared) throw new DeliveryTooLargeError(this.#id, file, declared)
    if (this.#total + more > limit) throw new DeliveryTooLargeError(this.#id, 'The files', limit)
  }

  /**
   * Holds a file to its size and sum, and gets it onto the disk. A damaged one is removed, so that it is
   * delivered from its beginning.
   */
  async verify(expected: Expected, options: { readonly sync: boolean }): Promise<void> {
    const { name } = expected
    const path = this.pathOf(name)
    if (this.#atWork.has(name)) throw new FileAtWorkError(this.#id, name)
    const damage = await this.#damageOf(expected)
    if (damage !== undefined) {
      this.#seen.delete(name)
      await rm(path, { force: true })
      throw new DamagedDeliveryError(this.#id, name, damage)
    }
    if (options.sync) await syncFile(path)
  }

  /** Makes the names of the files survive a power cut, as `verify` does for what is in them. */
  async syncNames(): Promise<void> {
    await syncNames(this.#folder)
  }

  async #damageOf({ name, size, sha256 }: Expected): Promise<string | undefined> {
    const path = this.pathOf(name)
    const found = await lstat(path).catch(() => undefined)
    if (found === undefined) return 'it is missing'
    if (!found.isFile()) return 'it is not a file'
    if (found.size !== size) return `${found.size} bytes instead of ${size}`
    const seen = await this.#known(name)
    const sum = seen?.hash?.copy().digest('hex') ?? (await sumOfFile(path))
    return sum === sha256 ? undefined : 'its checksum differs'
  }

  /** What is known of a file, unless somebody else wrote it since. */
  async #known(file: string): Promise<Seen | undefined> {
    const seen = this.#seen.get(file)
    if (seen === undefined) return undefined
    const found = await lstat(this.pathOf(file), { bigint: true }).catch(() => undefined)
    return found?.size === BigInt(seen.size) && found.mtimeNs === seen.modified ? seen : undefined
  }

  async #sizeOfAll(): Promise<number> {
    const sizes = (await readdir(this.#folder)).map(async (name) => {
      const found = await lstat(join(this.#folder, name)).catch(() => undefined)
      return found?.size ?? 0
    })
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }
}

/** Bytes that may wait for the disk. */
const mostWaiting = 1 << 20

/** While one write is under way, what arrives is gathered for the next: unpacked content comes in small chunks. */
function gatheringWriter(write: (bytes: Uint8Array) => Promise<void>) {
  let waiting: Uint8Array[] = []
  let length = 0
  let draining: Promise<void> | undefined
  const drain = async () => {
    while (waiting.length > 0) {
      const bytes = Buffer.concat(waiting)
      waiting = []
      length = 0
      await write(bytes)
    }
    draining = undefined
  }
  return {
    async add(chunk: Uint8Array): Promise<void> {
      waiting.push(chunk)
      length += chunk.length
      if (draining === undefined) {
        draining = drain()
        // Thrown to whoever waits for it next.
        draining.catch(() => undefined)
      }
      if (length >= mostWaiting) await draining
    },
    async end(): Promise<void> {
      await draining
    },
  }
}

async function appendTo(handle: FileHandle, seen: Seen, bytes: Uint8Array): Promise<void> {
  const { hash } = seen
  seen.hash = undefined
  const written = writeAll(handle, bytes, seen.size)
  // Summed while the disk is at work; a sum without its bytes is forgotten.
  hash?.update(bytes)
  await written
  seen.hash = hash
  seen.size += bytes.length
}

/** A write may take less than it is given. */
async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done)
    done += bytesWritten
  }
}
