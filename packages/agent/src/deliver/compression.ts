/**
 * How files are compressed on their way: as little as the network asks for, because sorted files are large and
 * the best compression would take longer than the upload.
 *
 * @module
 */
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { type AgentSettings, isLoopback } from '@sluice/model'

export interface Compression {
  /** As `Content-Encoding` says it. */
  readonly encoding: string
  readonly open: () => Transform
}

const gzip: Compression = { encoding: 'gzip', open: () => zlib.createGzip({ level: 3 }) }
const brotli: Compression = {
  encoding: 'br',
  open: () =>
    zlib.createBrotliCompress({
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1, [zlib.constants.BROTLI_PARAM_LGWIN]: 20 },
    }),
}
// Node 20 and 22.14 do not have it.
const zstd: Compression | undefined =
  'createZstdCompress' in zlib
    ? {
        encoding: 'zstd',
        open: () => zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_compressionLevel]: 3 } }),
      }
    : undefined

/**
 * What is used towards a server that understands `encodings` (gzip and brotli when it did not say). `auto`: nothing
 * inside this machine, else zstd, else brotli. What one of the two sides does not have is replaced by the next.
 */
export function chooseCompression(
  setting: AgentSettings['compression'],
  server: string,
  encodings: string | undefined,
): Compression | undefined {
  if (setting === 'none' || (setting === 'auto' && isLoopback(new URL(server).hostname))) return undefined
  const understood = (encodings ?? 'gzip, br').split(',').map((one) => one.split(';')[0]?.trim())
  const wanted: Readonly<Record<typeof setting, readonly (Compression | undefined)[]>> = {
    auto: [zstd, brotli, gzip],
    zstd: [zstd, brotli, gzip],
    brotli: [brotli, gzip],
    gzip: [gzip],
  }
  return wanted[setting].find((one) => one !== undefined && understood.includes(one.encoding))
}
