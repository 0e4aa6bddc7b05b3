/**
 * A source file as plain bytes of a known encoding.
 *
 * Compressed files are unpacked into the temp folder first: the file is read twice (once to know it,
 * once to take its rows), and the fast way needs a plain file. The encoding is the configured one,
 * else what the bytes are.
 *
 * @module
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import type { FileEncoding } from '@sluice/model'
import { byteOrderMark, guessUtf16, type PlainEncoding, settle, toUtf8 } from './encodings.ts'
import { isDiskFull } from './output-file.ts'
import { CompressionError, DiskFullError, FileChangedError, NoHeaderError } from './prepare-errors.ts'

export interface SourceFile {
  readonly path: string
  /** As reports name it. */
  readonly name: string
  readonly size: number
  readonly modified: number
}

export interface PlainFile {
  readonly source: SourceFile
  /** The file itself, or its unpacked copy. */
  readonly path: string
  readonly size: number
  /** What stands before the text. */
  readonly markSize: number
  readonly head: Buffer
}

const chunkSize = 1 << 20
const headSize = 1 << 20

/** Opens the file; a compressed one is unpacked into `tempFolder`. A file of no bytes is an error. */
export async function openPlainFile(
  source: SourceFile,
  tempFolder: string,
  signal?: AbortSignal,
): Promise<PlainFile> {
  const magic = await readHead(source.path, 4)
  const compression = compressionOf(magic)
  let path = source.path
  if (compression !== undefined) {
    path = join(tempFolder, `${basename(source.path)}.${Math.floor(source.modified)}.plain`)
    await unpack(source, compression, path, signal)
  }
  const { size } = await stat(path)
  if (size === 0) throw new NoHeaderError(source.name, 'is empty: it has not even a header')
  const head = await readHead(path, headSize)
  return { source, path, size, markSize: byteOrderMark(head)?.size ?? 0, head }
}

type Compression = 'gzip' | 'zstd'

function compressionOf(magic: Buffer): Compression | undefined {
  if (magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip'
  if (magic.length === 4 && magic.readUInt32LE() === 0xfd2fb528) return 'zstd'
  return undefined
}

async function unpack(
  source: SourceFile,
  compression: Compression,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await pipeline(
      createReadStream(source.path, { highWaterMark: chunkSize }),
      unpacker(source.name, compression),
      createWriteStream(path),
      { signal },
    )
  } catch (cause) {
    if (isDiskFull(cause)) throw new DiskFullError(dirname(path), cause)
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z')) {
      throw new CompressionError(source.name, `${cause.message}; it is damaged or cut off`, cause)
    }
    throw cause
  }
}

function unpacker(name: string, compression: Compression): Transform {
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize: 1 << 18 })
  if (typeof zlib.createZstdDecompress === 'function')
    return zlib.createZstdDecompress({ chunkSize: 1 << 18 })
  throw new CompressionError(name, 'zstd needs Node 22.15 or newer')
}

async function readHead(path: string, length: number): Promise<Buffer> {
  await using file = await open(path, 'r')
  const buffer = Buffer.alloc(length)
  let size = 0
  while (size < length) {
    const { bytesRead } = await file.read(buffer, size, length - size, size)
    if (bytesRead === 0) break
    size += bytesRead
  }
  return buffer.subarray(0, size)
}

/** The file's bytes after the mark. */
export function rawChunks(file: PlainFile): AsyncIterable<Buffer> {
  return createReadStream(file.path, { start: file.markSize, highWaterMark: chunkSize })
}

/** The file's text as UTF-8; lone bytes that are no text come out as no valid UTF-8. */
export function utf8Chunks(file: PlainFile, encoding: PlainEncoding): AsyncIterable<Buffer> {
  return toUtf8(rawChunks(file), encoding)
}

/** The start of the file as UTF-8, whole characters or not. */
export async function utf8Head(file: PlainFile, encoding: PlainEncoding): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of toUtf8(once(file.head.subarray(file.markSize)), encoding)) parts.push(part)
  return Buffer.concat(parts)
}

async function* once(chunk: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield chunk
}

/** What the start of the file and the configuration say; `undefined` when the whole must be looked at. */
export function encodingByHead(file: PlainFile, given: FileEncoding | undefined): PlainEncoding | undefined {
  const mark = byteOrderMark(file.head)
  if (given !== undefined) return settle(given, mark)
  return mark?.encoding ?? guessUtf16(file.head.subarray(0, 4096))
}

/** How the bytes of a file speak for UTF-8. */
export interface Utf8Evidence {
  /** All bytes are valid UTF-8. */
  readonly valid: boolean
  /** Characters of several bytes, and bytes that fit none; counted only where the file is not valid. */
  readonly characters: number
  readonly strays: number
}

/** Collects evidence chunk by chunk at native speed as long as the file is sound. */
export class Utf8Judge {
  #rest: Buffer = Buffer.alloc(0)
  #characters = 0
  #strays = 0

  add(chunk: Buffer): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = wholeCharacters(all)
    this.#rest = Buffer.from(all.subarray(whole))
    this.#judge(all.subarray(0, whole))
  }

  finish(): Utf8Evidence {
    this.#judge(this.#rest)
    return { valid: this.#strays === 0, characters: this.#characters, strays: this.#strays }
  }

  #judge(bytes: Buffer): void {
    if (isAscii(bytes)) return
    if (isUtf8(bytes)) {
      this.#characters++
      return
    }
    for (let at = 0; at < bytes.length; ) {
      const length = (bytes[at] ?? 0) < 0x80 ? 1 : characterLength(bytes, at)
      if (length === 0) this.#strays++
      else if (length > 1) this.#characters++
      at += Math.max(1, length)
    }
  }
}

/** Bytes of the character at `at`; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  return length > 0 && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** Where the last character that is whole ends; at most three bytes before the end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

/**
 * UTF-8 when the bytes are, or when far more of them are than are not (a few bad rows in a good
 * file); else Windows-1252.
 */
export function encodingByEvidence({ valid, characters, strays }: Utf8Evidence): PlainEncoding {
  return valid || characters > strays * 4 ? 'utf-8' : 'windows-1252'
}

/** Throws when the file is not the one that was located. */
export async function checkUnchanged(source: SourceFile): Promise<void> {
  const now = await stat(source.path).catch(() => undefined)
  if (now?.size !== source.size || now.mtimeMs !== source.modified) throw new FileChangedError(source.name)
}
