/**
 * In which code page is a text written that is not UTF-8? Windows-1252, unless that makes words that nobody writes.
 *
 * Read with the table of the West, names of Central Europe get signs and capitals in the middle of words: `£ukasz`,
 * `£ódŸ`, `Wa³êsa`. Another table is taken only where there are several such places, by several bytes, and hardly any with
 * it; what is in doubt stays windows-1252. The report names the one that was taken.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import iconv from 'iconv-lite'
import type { CodePage } from '../read/plain-encoding.ts'

const usual = 'windows-1252' satisfies CodePage
const others = ['windows-1250', 'iso-8859-2'] as const satisfies readonly CodePage[]

/** So many misfits are no chance: three places, two bytes, a tenth of all that is not ASCII. */
const enoughPlaces = 3
const enoughKinds = 2
const enoughShare = 0.1
/** More characters need not be looked at. */
const enoughCharacters = 10_000

/** `text`: the beginning of the file. */
export function guessCodePage(text: Buffer): CodePage {
  const western = misfits(text, usual)
  const clear =
    western.places >= Math.max(enoughPlaces, western.all * enoughShare) && western.kinds >= enoughKinds
  if (!clear) return usual
  const [best] = others
    .map((encoding) => ({ encoding, places: misfits(text, encoding).places }))
    .toSorted((a, b) => a.places - b.places)
  return best !== undefined && best.places * 10 <= western.places ? best.encoding : usual
}

interface Misfits {
  /** Characters that are not ASCII. */
  readonly all: number
  /** Of these, those that stand where nobody writes them; and by how many different bytes. */
  readonly places: number
  readonly kinds: number
}

function misfits(text: Buffer, encoding: CodePage): Misfits {
  const characters = iconv.decode(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), encoding)
  const kinds = new Set<number>()
  let all = 0
  let places = 0
  for (let at = 0; at < text.length && all < enoughCharacters; at++) {
    const byte = text[at] ?? 0
    if (byte < 0x80) continue
    all++
    const around = [at - 1, at, at + 1, at + 2].map((place) => characters[text[place] ?? 0x20] ?? ' ')
    if (!isMisfit(around)) continue
    places++
    kinds.add(byte)
  }
  return { all, places, kinds: kinds.size }
}

const letter = /\p{L}/u
const capital = /\p{Lu}/u
const small = /\p{Ll}/u

function isMisfit([before = ' ', one = ' ', next = ' ', second = ' ']: readonly string[]): boolean {
  if (one === '\ufffd' || (one >= '\x80' && one <= '\x9f')) return true
  if (letter.test(one)) return capital.test(one) && small.test(before)
  // A sign inside of a word, or where a word of several letters begins; but "m²", "£5" and "¿Qué?" are written so.
  const begins = small.test(next) && small.test(second)
  return letter.test(next) && (letter.test(before) || (begins && /[\p{Sc}\p{No}\p{Sk}]/u.test(one)))
}
