/**
 * A source file as plain bytes of a known encoding.
 *
 * Compressed files are unpacked into the temp folder first: the file is read twice (once to know it,
 * once to take its rows), and the fast way needs a plain file. The encoding is the configured one,
 * else what the bytes are.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { DiskFullError, isDiskFull, privateFileMode } from '@sluice/files'
import { CompressionError, FileChangedError, NoHeaderError } from '../prepare-errors.ts'
import { byteOrderMark } from './byte-order-mark.ts'
import { withoutDosEnd } from './dos-end.ts'
import { toUtf8 } from './encodings.ts'
import type { PlainEncoding } from './plain-encoding.ts'
import { readChunks } from './read-chunks.ts'

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

/** A folder that is there, or one that is made when it is asked for. */
export type TempFolder = string | (() => Promise<string>)

/** Opens the file; a compressed one is unpacked into `tempFolder`, which is asked for then. A file of no bytes is an error. */
export async function openPlainFile(
  source: SourceFile,
  tempFolder: TempFolder,
  signal?: AbortSignal,
): Promise<PlainFile> {
  const magic = await readHead(source.path, 4)
  const compression = compressionOf(magic)
  let path = source.path
  if (compression !== undefined) {
    const folder = typeof tempFolder === 'string' ? tempFolder : await tempFolder()
    path = join(folder, `${basename(source.path)}.${Math.floor(source.modified)}.plain`)
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
      createWriteStream(path, { mode: privateFileMode }),
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

/** The file's bytes after the mark; a chunk is valid until the next is asked for. */
export function rawChunks(file: PlainFile): AsyncIterable<Buffer> {
  return readChunks(file.path, file.markSize)
}

/** The file's text as UTF-8; lone bytes that are no text come out as no valid UTF-8. */
export function utf8Chunks(file: PlainFile, encoding: PlainEncoding): AsyncIterable<Buffer> {
  return withoutDosEnd(toUtf8(rawChunks(file), encoding))
}

/** The start of the file as UTF-8, whole characters or not. */
export async function utf8Head(file: PlainFile, encoding: PlainEncoding): Promise<Buffer> {
  const parts: Buffer[] = []
  const head = toUtf8(once(file.head.subarray(file.markSize)), encoding)
  for await (const part of withoutDosEnd(head)) parts.push(part)
  return Buffer.concat(parts)
}

async function* once(chunk: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield chunk
}

/** Throws when the file is not the one that was located. */
export async function checkUnchanged(source: SourceFile): Promise<void> {
  const now = await stat(source.path).catch(() => undefined)
  if (now?.size !== source.size || now.mtimeMs !== source.modified) throw new FileChangedError(source.name)
}
