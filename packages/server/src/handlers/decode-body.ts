/**
 * The bytes of a request's body as they were before the sender compressed them, as they come.
 *
 * Nothing is gathered: whoever reads decides when it is enough, and a small body that grows without
 * end (a zip bomb) is read no further than that. The connection is left whole, so that it can carry
 * the answer.
 *
 * @module
 */
import type { Readable, Transform } from 'node:stream'
import zlib from 'node:zlib'
import { EncodingUnknownError, RequestRefusedError } from '../server-errors.ts'

const chunkSize = 256 * 1024

/** Node 20 has no zstd. A window beyond 8 MB is only for memory to be wasted. */
const zstd =
  'createZstdDecompress' in zlib
    ? () =>
        zlib.createZstdDecompress({
          chunkSize,
          params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 },
        })
    : undefined

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => zlib.createGunzip({ chunkSize })],
  ['br', () => zlib.createBrotliDecompress({ chunkSize })],
  ...(zstd === undefined ? [] : [['zstd', zstd] as const]),
])

/** What an agent may send, as the header `Accept-Encoding` of an answer says it. */
export const acceptedEncodings = [...decoders.keys(), 'identity'].join(', ')

export async function* decodedBody(
  body: Readable,
  encoding: string | readonly string[] | undefined,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const name = String(encoding ?? 'identity').toLowerCase()
  const decoder = decoders.get(name)?.()
  if (decoder === undefined && name !== 'identity') throw new EncodingUnknownError(name, acceptedEncodings)
  const content = decoder === undefined ? body : decoding(body, decoder)
  try {
    for await (const chunk of content.iterator({ destroyOnReturn: false })) {
      onBytes(chunk.length)
      yield chunk
    }
  } catch (cause) {
    const reason = body.readableEnded ? `its body is not ${name}` : 'its body broke off'
    throw new RequestRefusedError(reason, { cause })
  } finally {
    if (decoder !== undefined) {
      body.unpipe(decoder)
      decoder.destroy()
    }
  }
}

function decoding(body: Readable, decoder: Transform): Transform {
  const closed = () => {
    if (!body.readableEnded) decoder.destroy(new Error('The connection was closed.'))
  }
  // `pipe` passes no end on to the decoder but a good one.
  body.once('error', (cause) => decoder.destroy(cause))
  body.once('close', closed)
  // It may have broken off before anybody read it, and will not say so again.
  if (body.destroyed) closed()
  return body.pipe(decoder)
}
