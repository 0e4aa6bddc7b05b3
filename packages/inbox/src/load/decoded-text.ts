/**
 * What is to be loaded, as text: whatever charset it came in, without a mark at its beginning.
 *
 * Bytes that are no character end the load: a wrong charset would make wrong values of every row, and say nothing.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { FileEncoding } from '@sluice/model'
import iconv from 'iconv-lite'
import { NotCsvError } from './load-errors.ts'

export interface Undecoded {
  readonly csv: string | AsyncIterable<Uint8Array>
  /** `undefined`: what its mark says, else UTF-8. */
  readonly charset: FileEncoding | undefined
  /** Names it in messages. */
  readonly file: string
}

const mark = '\ufeff'
const replacement = '\ufffd'

export async function* decodedText({
  csv,
  charset,
  file,
}: Undecoded): AsyncGenerator<string, void, undefined> {
  if (typeof csv === 'string') {
    yield csv.startsWith(mark) ? csv.slice(mark.length) : csv
    return
  }
  let decoder: Decoder | undefined
  let line = 1
  for await (const chunk of withHead(csv)) {
    decoder ??= decoderOf(charset ?? markedCharset(chunk))
    const { text, brokenAt } = decoder.write(chunk)
    if (brokenAt !== -1) throw notText(file, line + breaksIn(text.slice(0, brokenAt)), decoder.charset)
    line += breaksIn(text)
    yield text
  }
  if (decoder === undefined) return
  const { text, brokenAt } = decoder.end()
  if (brokenAt !== -1) throw notText(file, line, decoder.charset)
  yield text
}

interface Decoded {
  readonly text: string
  /** Where something is no character, -1 when nothing is. */
  readonly brokenAt: number
}

interface Decoder {
  readonly charset: FileEncoding
  write(chunk: Uint8Array): Decoded
  end(): Decoded
}

function decoderOf(charset: FileEncoding): Decoder {
  return charset === 'utf-8' ? utf8Decoder() : codePageDecoder(charset)
}

function codePageDecoder(charset: FileEncoding): Decoder {
  const decoder = iconv.getDecoder(charset)
  const decoded = (text: string | undefined = '') => ({ text, brokenAt: text.indexOf(replacement) })
  return {
    charset,
    write: (chunk) => decoded(decoder.write(Buffer.from(chunk))),
    end: () => decoded(decoder.end()),
  }
}

/** The replacement character may be what the file holds. */
function utf8Decoder(): Decoder {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decoded = (chunk: Uint8Array, stream: boolean): Decoded => {
    try {
      return { text: decoder.decode(chunk, { stream }), brokenAt: -1 }
    } catch {
      const text = Buffer.from(chunk).toString()
      return { text, brokenAt: Math.max(0, text.indexOf(replacement)) }
    }
  }
  return {
    charset: 'utf-8',
    write: (chunk) => decoded(chunk, true),
    end: () => decoded(new Uint8Array(0), false),
  }
}

/** The first chunk is long enough for its mark. */
async function* withHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < longestMark) continue
    yield head
    head = undefined
  }
  if (head !== undefined && head.length > 0) yield head
}

const longestMark = 4
const marks: readonly (readonly [FileEncoding, readonly number[]])[] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

function markedCharset(head: Uint8Array): FileEncoding {
  return marks.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))?.[0] ?? 'utf-8'
}

function breaksIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function notText(file: string, line: number, charset: FileEncoding): NotCsvError {
  return new NotCsvError(`Line ${line} of ${file} is not valid text in ${charset}.`, {
    file,
    line,
    remedy: 'Give the charset of the file, such as --charset windows-1252.',
  })
}
