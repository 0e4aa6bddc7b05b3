/**
 * Finds the items of the lists of a JSON document, one by one, so that a document may be larger than memory.
 *
 * A parser for streams would give values and not where they stand, and no number with all its digits. This one knows brackets, texts and
 * lines, and leaves each item to who can read JSON.
 *
 * @module
 */
import { Buffer } from 'node:buffer'

export interface JsonItem {
  /** Name of the list in the document. */
  readonly list: string
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly line: number
}

/** Why a document is none, and where that shows. */
export class JsonTrouble extends Error {
  readonly line: number
  readonly kind: 'damaged' | 'cut off' | 'too long'

  constructor(message: string, line: number, kind: JsonTrouble['kind'] = 'damaged') {
    super(message)
    this.line = line
    this.kind = kind
  }
}

const lineFeed = 0x0a
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openMap = 0x7b
const closeMap = 0x7d

const closing: Readonly<Record<number, number>> = { [openList]: closeList, [openMap]: closeMap }

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed
}

/** Fed with chunks, front to back. Throws `JsonTrouble`. */
export class JsonItems {
  /** Names of everything that stands in the document. */
  readonly names = new Set<string>()
  /** Texts that stand in the document beside the lists, by name. */
  readonly texts = new Map<string, string>()
  readonly #longest: number
  #bytes: Buffer = Buffer.alloc(0)
  /** Closing brackets that are awaited, from the outside inwards. */
  readonly #open: number[] = []
  #inText = false
  #escaped = false
  #line = 1
  /** Of what is being gathered: a name or an item; -1 where nothing is. */
  #start = -1
  #startLine = 1
  #name = ''
  /** A name was read, and what it names was not. */
  #named = false
  #ended = false
  #found: JsonItem[] = []

  /** @param longest Bytes that an item may have. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** Items that end in it. */
  add(chunk: Buffer): readonly JsonItem[] {
    this.#found = []
    const kept = this.#start === -1 ? Buffer.alloc(0) : this.#bytes.subarray(this.#start)
    if (kept.length > this.#longest) throw new JsonTrouble('is too long', this.#startLine, 'too long')
    this.#bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    if (this.#start !== -1) this.#start = 0
    for (let at = kept.length; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at] ?? 0
      if (byte === lineFeed) this.#line++
      if (this.#inText) this.#text(byte, at)
      else if (!isBlank(byte)) this.#structure(byte, at)
    }
    return this.#found
  }

  finish(): void {
    if (!this.#ended) throw new JsonTrouble('its document does not end', this.#line, 'cut off')
  }

  get #depth(): number {
    return this.#open.length
  }

  #text(byte: number, at: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) {
      this.#inText = false
      if (this.#depth === 1) this.#gathered(at)
    }
  }

  #gathered(at: number): void {
    const text = this.#bytes.toString('utf8', this.#start, at + 1)
    this.#start = -1
    const parsed = this.#parsed(text)
    if (this.#named) this.texts.set(this.#name, parsed)
    else this.#name = parsed
  }

  #parsed(text: string): string {
    try {
      return String(JSON.parse(text))
    } catch {
      throw new JsonTrouble(`${text} is not a text`, this.#line)
    }
  }

  #structure(byte: number, at: number): void {
    if (this.#ended) throw new JsonTrouble('something follows the end of its document', this.#line)
    if (this.#depth === 0 && byte !== openMap) throw new JsonTrouble('it is not a map of lists', this.#line)
    if (this.#depth === 2 && this.#open[1] === closeList) this.#list(byte, at)
    if (byte === quote) {
      this.#inText = true
      if (this.#depth === 1) this.#begin(at)
    } else if (byte === colon && this.#depth === 1) {
      this.names.add(this.#name)
      this.#named = true
    } else {
      if (byte === comma && this.#depth === 1) this.#named = false
      this.#bracket(byte)
    }
  }

  /** An item of a list ends at a comma, and with the list. */
  #list(byte: number, at: number): void {
    if (byte === comma || byte === closeList) this.#item(at)
    else if (this.#start === -1) this.#begin(at)
  }

  #bracket(byte: number): void {
    if (byte === openList || byte === openMap) this.#open.push(closing[byte] ?? 0)
    else if (byte === closeList || byte === closeMap) this.#close(byte)
  }

  #begin(at: number): void {
    this.#start = at
    this.#startLine = this.#line
  }

  #item(at: number): void {
    if (this.#start === -1) return
    const text = this.#bytes.toString('utf8', this.#start, at)
    this.#start = -1
    this.#found.push({ list: this.#name, text, line: this.#startLine })
  }

  #close(byte: number): void {
    const awaited = this.#open.pop()
    if (awaited !== byte)
      throw new JsonTrouble(`"${String.fromCharCode(byte)}" closes what was not opened`, this.#line)
    this.#ended = this.#depth === 0
  }
}
