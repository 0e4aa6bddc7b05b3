/**
 * Brings one file to a server, from wherever an earlier try ended.
 *
 * The server says how much it has, and the next piece begins there. A piece is bounded, so that a proxy in between
 * need not hold a connection for hours, and gets smaller where one takes none so large; the file is read from disk as the network takes it, so memory stays flat.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { pipeline, type Readable, Transform } from 'node:stream'
import type { AgentSettings } from '@sluice/model'
import { RemoteError, routes, UnreachableServerError, type UploadedFile } from '@sluice/protocol'
import { chooseCompression } from './compression.ts'
import type { SentBytes, ServerLink } from './server-link.ts'
import { type RetryOptions, withRetry } from './with-retry.ts'

export interface UploadSettings extends RetryOptions {
  readonly compression: AgentSettings['compression']
}

/** Where at a server the files go. */
export interface UploadPlace {
  readonly link: ServerLink
  /** How many bytes of a file have arrived. */
  received(file: string, signal: AbortSignal): Promise<number>
  /** Appends to a file at `offset`; its size then. */
  append(file: string, offset: number, sent: SentBytes): Promise<number>
}

export function deliveryAt(link: ServerLink, delivery: string): UploadPlace {
  return {
    link,
    received: async (file, signal) =>
      (await link.client.call(routes.receivedFile, { params: { delivery, file }, signal })).size,
    append: async (file, offset, sent) =>
      (await link.send(routes.appendFile, { params: { delivery, file }, query: { offset } }, sent)).size,
  }
}

/** Resolves when the server has every byte; whether they are the right ones is found when the delivery is sealed. */
export async function uploadFile(
  place: UploadPlace,
  file: UploadedFile,
  settings: UploadSettings,
): Promise<void> {
  const { link } = place
  const { size } = file
  const retry = { ...settings, signal: file.signal ?? settings.signal }
  const received = (signal: AbortSignal) => place.received(file.name, signal)
  const there = await withRetry(received, retry)
  file.onBytes?.(Math.min(there, size))
  if (there === size && size > 0) return
  // More than there is: another file of this name was begun.
  let at = there > size ? 0 : there
  do {
    const from = at
    let failures = 0
    let sent = from
    const counted = {
      ...file,
      onBytes: (bytes: number) => {
        sent = bytes
        file.onBytes?.(bytes)
      },
    }
    // Whatever arrived of a piece is progress, and what comes then is retried anew.
    const piece = async (signal: AbortSignal) => {
      const now = failures > 0 ? await received(signal) : from
      if (now !== from && now <= size) return now
      // Once may be anything.
      if (failures > 1) link.pieces.cutOff(Math.min(link.pieces.bytes, size - from))
      failures += 1
      return sendPiece(place, counted, from, { ...settings, signal })
    }
    at = await withRetry(piece, retry, () => sent)
    file.onBytes?.(at)
  } while (at < size)
}

/** Sends the file from `offset`; the offset at which the next piece begins. */
async function sendPiece(
  place: UploadPlace,
  file: UploadedFile,
  offset: number,
  { compression, signal }: UploadSettings,
): Promise<number> {
  const { link } = place
  const end = Math.min(offset + link.pieces.bytes, file.size)
  const compressed = chooseCompression(compression, link.client.server, link.encodings)
  const body = bytesOf(file, offset, end, compressed?.open())
  try {
    const sent = { body, bytes: end - offset, encoding: compressed?.encoding, signal }
    const size = await place.append(file.name, offset, sent)
    if (size === offset && end > offset)
      throw new UnreachableServerError(link.client.server, new Error('it kept nothing of what was sent'))
    return size > file.size ? 0 : size
  } catch (error) {
    if (isTooLarge(error) && link.pieces.tooLarge(end - offset)) return offset
    const size = sizeAtServer(error)
    if (size === undefined || size === offset) throw error
    return size > file.size ? 0 : size
  }
}

function bytesOf(
  { path, onBytes }: UploadedFile,
  offset: number,
  end: number,
  compress: Transform | undefined,
): Readable {
  let at = offset
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      at += chunk.length
      onBytes?.(at)
      done(null, chunk)
    },
  })
  if (end === offset) {
    counter.end()
    return counter
  }
  const file = createReadStream(path, { start: offset, end: end - 1, highWaterMark: 1 << 18 })
  // What goes wrong in the streams reaches whoever reads the last one.
  const quiet = () => {}
  if (compress === undefined) return pipeline(file, counter, quiet)
  pipeline(file, counter, compress, quiet)
  return compress
}

/** Something on the way takes no piece of this size; the server itself was not asked. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RemoteError && error.verdict === 'smaller pieces'
}

/** The size the file has at the server, when that is what was wrong. */
function sizeAtServer(error: unknown): number | undefined {
  if (!(error instanceof RemoteError) || !error.isOwnWord || error.status !== 409) return undefined
  const size = error.details?.['size']
  return typeof size === 'number' ? size : undefined
}
