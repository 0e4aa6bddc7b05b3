/**
 * Finds out in what encoding a file is written, and what has to be told of it: by its mark, by what is configured, by
 * its zero bytes, else by what its bytes can be.
 *
 * @module
 */
import type { FileEncoding } from '@sluice/model'
import { byteOrderMark, guessByZeros } from '../read/byte-order-mark.ts'
import { agrees, settle } from '../read/encodings.ts'
import type { PlainEncoding } from '../read/plain-encoding.ts'
import type { PlainFile } from '../read/plain-file.ts'
import { guessCodePage } from './guess-code-page.ts'
import { type Judged, Utf8Judge, wholeCharacters } from './utf8-judge.ts'

export interface EncodingFound {
  readonly encoding: PlainEncoding
  readonly notes: readonly string[]
}

/** What the start of the file and the configuration say; `undefined` when the whole must be looked at. */
export function encodingByHead(
  { head, source }: PlainFile,
  given: FileEncoding | undefined,
): EncodingFound | undefined {
  const mark = byteOrderMark(head)
  if (given === undefined) {
    if (mark !== undefined) return { encoding: mark.encoding, notes: [] }
    const guessed = guessByZeros(head.subarray(0, 4096))
    return guessed && { encoding: guessed, notes: [notUtf8(source.name, guessed)] }
  }
  const encoding = settle(given, mark)
  if (mark !== undefined && !agrees(given, mark)) {
    return {
      encoding,
      notes: [`${source.name} begins with the mark of ${encoding}; it was read so, not as ${given}.`],
    }
  }
  return { encoding, notes: looksOtherwise(head, encoding) ? [looksLikeUtf8(source.name, encoding)] : [] }
}

/** What the bytes of the whole file say. */
export function encodingJudged({ head, markSize, source }: PlainFile, judged: Judged): EncodingFound {
  if (judged === 'utf-8') return { encoding: judged, notes: [] }
  if (judged === 'cesu-8') {
    const note = `${source.name} is CESU-8: it writes characters beyond U+FFFF in two halves; they were joined.`
    return { encoding: judged, notes: [note] }
  }
  // Its mark says so: what is not UTF-8 in it is broken.
  if (markSize > 0) return { encoding: 'utf-8', notes: [] }
  const encoding = guessCodePage(head)
  return { encoding, notes: [notUtf8(source.name, encoding)] }
}

/** What the first bytes look like, when nothing else tells the encoding. */
export function encodingOfHead(plain: PlainFile): PlainEncoding {
  return encodingJudged(plain, judgeOf(plain.head).finish()).encoding
}

function judgeOf(head: Buffer): Utf8Judge {
  const judge = new Utf8Judge()
  judge.add(head.subarray(0, wholeCharacters(head)))
  return judge
}

/** Text in another encoding that by chance is UTF-8 throughout holds hardly any of its characters. */
const hardlyByChance = 3

function looksOtherwise(head: Buffer, encoding: PlainEncoding): boolean {
  if (/^(utf|cesu)-/.test(encoding)) return false
  const judge = judgeOf(head)
  return judge.valid && judge.characters >= hardlyByChance
}

function notUtf8(file: string, encoding: PlainEncoding): string {
  return `${file} is not UTF-8; it was read as ${encoding}.`
}

function looksLikeUtf8(file: string, encoding: PlainEncoding): string {
  return `${file} looks like UTF-8; it was read as ${encoding}, which its format says.`
}
