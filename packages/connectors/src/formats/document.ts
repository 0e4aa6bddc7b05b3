/**
 * A document that is read: its bytes as they come, unpacked, or as a file on this machine for formats that are read from their end.
 *
 * @module
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { orDiskFull, privateFileMode, type TemporaryFolder } from '@sluice/files'
import { documentTrouble } from './trouble.ts'

/** Bytes from where they lie. */
export interface DocumentBytes {
  /** As messages name it. */
  readonly name: string
  /** On this machine, where it lies there. */
  readonly path?: string | undefined
  bytes(): AsyncIterable<Uint8Array>
}

export class SourceDocument {
  readonly name: string
  readonly #of: DocumentBytes
  readonly #folder: TemporaryFolder
  readonly #signal: AbortSignal

  /** @param folder For what has to be on a disk. */
  constructor(of: DocumentBytes, folder: TemporaryFolder, signal: AbortSignal) {
    this.name = of.name
    this.#of = of
    this.#folder = folder
    this.#signal = signal
  }

  /** Unpacked, where it is compressed with gzip. */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const [head, all] = await withHead(this.#of.bytes())
    if (!isGzip(head)) return yield* all
    const unpacked = createGunzip()
    const feeding = pipeline(Readable.from(all, { objectMode: false }), unpacked)
    feeding.catch(() => {})
    try {
      for await (const chunk of unpacked) if (chunk instanceof Uint8Array) yield chunk
      await feeding
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
        throw documentTrouble(this.name, `cannot be unpacked: ${error.message}`, {
          remedy: 'It is damaged or cut off.',
        })
      throw error
    }
  }

  /** The file itself, or a copy of it that goes with the folder. */
  async onDisk(): Promise<string> {
    const { path } = this.#of
    if (path !== undefined && !isGzip((await withHead(createReadStream(path, { end: 1 })))[0])) return path
    const folder = await this.#folder.path()
    const copy = join(folder, `${Math.random().toString(36).slice(2)}.document`)
    const written = createWriteStream(copy, { mode: privateFileMode })
    await orDiskFull(folder, pipeline(this.bytes(), written, { signal: this.#signal }))
    return copy
  }
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** The first two bytes, and everything, those included. */
async function withHead(
  bytes: AsyncIterable<Uint8Array>,
): Promise<readonly [Uint8Array, AsyncGenerator<Uint8Array, void, undefined>]> {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  while (size < 2) {
    const step = await iterator.next()
    if (step.done === true) break
    first.push(step.value)
    size += step.value.length
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    let ended = false
    try {
      yield* first
      for (;;) {
        const step = await iterator.next()
        ended = step.done === true
        if (step.done === true) return
        yield step.value
      }
    } finally {
      if (!ended) await iterator.return?.()
    }
  }
  return [Buffer.concat(first.map((one) => Buffer.from(one))).subarray(0, 2), all()]
}
