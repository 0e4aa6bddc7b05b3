/**
 * Source files in, UTF-8 out.
 *
 * Everything after reads UTF-8 bytes, so that one scanner serves all encodings. What is no text in
 * the encoding becomes bytes that are no valid UTF-8 either, so that one check finds it in all.
 *
 * @module
 */
import { type Buffer, transcode } from 'node:buffer'
import type { FileEncoding } from '@sluice/model'
import type { ByteOrderMark } from './byte-order-mark.ts'
import { fromCesu8 } from './from-cesu8.ts'
import { fromCodePage } from './from-code-page.ts'
import { fromUtf16, fromUtf32 } from './from-wide-units.ts'
import type { PlainEncoding } from './plain-encoding.ts'

/** The configured encoding as the file has it: its mark is part of the file, the configuration may be mistaken. */
export function settle(given: FileEncoding, mark: ByteOrderMark | undefined): PlainEncoding {
  if (mark !== undefined) return agrees(given, mark) && given === 'cesu-8' ? given : mark.encoding
  if (given === 'utf-16') return 'utf-16le'
  return given === 'utf-32' ? 'utf-32le' : given
}

/** Says whether a file with this mark is what the configuration says. */
export function agrees(given: FileEncoding, { encoding }: ByteOrderMark): boolean {
  // Programs that write CESU-8 put the mark of UTF-8 before it.
  const shared: Readonly<Partial<Record<FileEncoding, PlainEncoding>>> = { 'cesu-8': 'utf-8', gbk: 'gb18030' }
  return [given, `${given}le`, `${given}be`, shared[given]].includes(encoding)
}

/** Chunks of `encoding` as chunks of UTF-8. */
export async function* toUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: PlainEncoding,
): AsyncGenerator<Buffer, void, undefined> {
  switch (encoding) {
    case 'utf-8':
      yield* chunks
      return
    case 'cesu-8':
      yield* fromCesu8(chunks)
      return
    case 'latin-1':
    case 'iso-8859-1':
      for await (const chunk of chunks) yield transcode(chunk, 'latin1', 'utf8')
      return
    case 'utf-16le':
    case 'utf-16be':
      yield* fromUtf16(chunks, encoding === 'utf-16be')
      return
    case 'utf-32le':
    case 'utf-32be':
      yield* fromUtf32(chunks, encoding === 'utf-32be')
      return
    default:
      yield* fromCodePage(chunks, encoding)
  }
}
