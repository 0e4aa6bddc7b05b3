/**
 * Texts in a code page as UTF-8: one byte a character, or several in East Asia.
 *
 * The tables are iconv-lite's, which knows of each byte whether it stands for a character: what the runtime's own
 * decoder makes of 0x81 in windows-1252 is a control character, and of some broken pairs nothing at all.
 *
 * @module
 */
import { Buffer, isAscii, transcode } from 'node:buffer'
import iconv from 'iconv-lite'
import type { CodePage } from './plain-encoding.ts'

/** In no UTF-8: stands for what is no character. */
const noCharacter = 0xff
const replacement = Buffer.from('\ufffd')

/** Chunks of a code page as chunks of UTF-8. */
export async function* fromCodePage(
  chunks: AsyncIterable<Buffer>,
  encoding: CodePage,
): AsyncGenerator<Buffer, void, undefined> {
  const table = tableOf(encoding)
  if (table === undefined) {
    yield* fromMultiByte(chunks, encoding)
    return
  }
  for await (const chunk of chunks) {
    if (isAscii(chunk)) yield chunk
    else yield encoding === 'windows-1252' ? fromWindows1252(chunk, table) : fromTable(chunk, table)
  }
}

/** 0x80 to 0xff as UTF-8. */
type ByteTable = readonly (readonly number[])[]

/** `undefined` when characters may take several bytes. */
function tableOf(encoding: CodePage): ByteTable | undefined {
  if (severalBytes.has(encoding)) return undefined
  return Array.from({ length: 128 }, (_, index) => [
    ...marked(iconv.decode(Buffer.of(0x80 + index), encoding)),
  ])
}

const severalBytes: ReadonlySet<CodePage> = new Set([
  'shift-jis',
  'euc-jp',
  'gbk',
  'gb18030',
  'big5',
  'big5-hkscs',
  'euc-kr',
  'cp949',
])

function fromTable(chunk: Buffer, table: ByteTable): Buffer {
  const target = Buffer.allocUnsafe(chunk.length * 3)
  let to = 0
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte < 0x80) target[to++] = byte
    else for (const unit of table[byte - 0x80] ?? []) target[to++] = unit
  }
  return target.subarray(0, to)
}

/** Of the characters 0x80 to 0xbf of Latin-1 in UTF-8. */
const leadOfControls = 0xc2

/** Windows-1252 and Latin-1 differ only in characters that have this lead: most text has none, and goes at native speed. */
function fromWindows1252(chunk: Buffer, table: ByteTable): Buffer {
  const text = transcode(chunk, 'latin1', 'utf8')
  return text.includes(leadOfControls) ? fromTable(chunk, table) : text
}

/** Longer lines are no rows, and are refused as soon as they are seen. */
const longestLine = 64 << 20

/**
 * In none of these encodings is a line feed part of another character. The decoder loses what it has no room for when a
 * piece begins in the middle of one that becomes two units of UTF-16.
 */
async function* inWholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = Buffer.concat([rest, chunk])
    const end = all.lastIndexOf(0x0a) + 1 || (all.length > longestLine ? all.length : 0)
    rest = all.subarray(end)
    if (end > 0) yield all.subarray(0, end)
  }
  if (rest.length > 0) yield rest
}

async function* fromMultiByte(
  chunks: AsyncIterable<Buffer>,
  encoding: CodePage,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = iconv.getDecoder(encoding)
  for await (const lines of inWholeLines(chunks)) yield marked(decoder.write(lines))
  const rest = decoder.end()
  if (rest !== undefined && rest !== '') yield marked(rest)
}

/** The text in UTF-8; what the decoder found to be no character is none here either. */
function marked(text: string): Buffer {
  const bytes = Buffer.from(text)
  let to = bytes.indexOf(replacement)
  if (to === -1) return bytes
  for (let from = to; from < bytes.length; ) {
    const next = bytes.indexOf(replacement, from)
    const end = next === -1 ? bytes.length : next
    bytes.copyWithin(to, from, end)
    to += end - from
    from = end + replacement.length
    if (next !== -1) bytes[to++] = noCharacter
  }
  return bytes.subarray(0, to)
}
