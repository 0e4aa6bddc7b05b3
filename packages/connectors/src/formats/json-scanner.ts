/**
 * Finds the records of a JSON document, one by one, so that a document may be larger than memory.
 *
 * It knows brackets, texts and lines, and leaves each record to who can read JSON with all digits of its numbers.
 *
 * @module
 */
import { longestRecord } from './trouble.ts'

export interface FoundJson {
  readonly text: string
  /** Where it begins, counted from 1. */
  readonly line: number
  /** The name that fitted the last `*` of the path. */
  readonly key: string | undefined
}

export class JsonTrouble extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

interface Frame {
  readonly closes: ']' | '}'
  /** How many steps of the path lead here; -1 beside it. */
  readonly matched: number
  readonly key: string | undefined
  /** Of a map: the name of the value that comes. */
  name: string | undefined
}

/** Fed with texts, front to back. Throws `JsonTrouble`. */
export class JsonScanner {
  /** Something stands at the path. */
  found = false
  /** Names that stand where the first step of the path leads. */
  readonly names = new Set<string>()
  readonly #path: readonly string[]
  readonly #open: Frame[] = []
  #held = ''
  #start = -1
  #startLine = 1
  #line = 1
  #inText = false
  #escaped = false
  /** Brackets of the record that is gathered; -1 where none is. */
  #depth = -1
  #key: string | undefined
  #ended = false
  #records: FoundJson[] = []

  constructor(path: readonly string[]) {
    this.#path = path
  }

  /** Records that end in it. */
  add(text: string): readonly FoundJson[] {
    this.#records = []
    const kept = this.#start === -1 ? '' : this.#held.slice(this.#start)
    if (kept.length > longestRecord) throw new JsonTrouble('is longer than a record may be', this.#startLine)
    this.#held = kept + text
    if (this.#start !== -1) this.#start = 0
    for (let at = kept.length; at < this.#held.length; at++) {
      const sign = this.#held[at] ?? ''
      if (sign === '\n') this.#line++
      if (this.#inText) this.#text(sign, at)
      else if (this.#depth >= 0) this.#gathered(sign, at)
      else if (!isBlank(sign)) this.#structure(sign, at)
    }
    return this.#records
  }

  finish(): void {
    // A number at the top has no end of its own.
    if (!this.#ended) throw new JsonTrouble('its document does not end', this.#line)
  }

  #text(sign: string, at: number): void {
    if (this.#escaped) this.#escaped = false
    else if (sign === '\\') this.#escaped = true
    else if (sign === '"') {
      this.#inText = false
      if (this.#depth === 0) this.#record(at + 1)
      else if (this.#depth === -1 && this.#start !== -1) this.#named(at + 1)
    }
  }

  #named(end: number): void {
    const frame = this.#open.at(-1)
    const text = this.#held.slice(this.#start, end)
    this.#start = -1
    if (frame === undefined) return
    try {
      frame.name = String(JSON.parse(text))
    } catch {
      throw new JsonTrouble(`${text} is not a name`, this.#line)
    }
    if (this.#open.length === 1) this.names.add(frame.name)
  }

  /** Within a record. */
  #gathered(sign: string, at: number): void {
    if (sign === '"') this.#inText = true
    else if (sign === '{' || sign === '[') this.#depth++
    else if ((sign === '}' || sign === ']') && this.#depth > 0) {
      this.#depth--
      if (this.#depth === 0) this.#record(at + 1)
    } else if (this.#depth === 0 && (sign === ',' || sign === '}' || sign === ']' || isBlank(sign))) {
      this.#record(at)
      if (!isBlank(sign)) this.#structure(sign, at)
    }
  }

  #record(end: number): void {
    const text = this.#held.slice(this.#start, end)
    this.#start = -1
    this.#depth = -1
    const within = this.#open.at(-1)
    // A name without a value is no list of records.
    if (text === 'null' && within?.closes === '}') return
    this.found = true
    this.#records.push({ text, line: this.#startLine, key: this.#key })
  }

  #structure(sign: string, at: number): void {
    if (this.#ended) throw new JsonTrouble('something follows the end of its document', this.#line)
    const frame = this.#open.at(-1)
    if (sign === ']' || sign === '}') this.#close(sign)
    else if (sign === ',') {
      if (frame?.closes === '}') frame.name = undefined
    } else if (frame?.closes === '}' && frame.name === undefined) this.#beginName(sign, at)
    else if (sign !== ':') this.#value(sign, at, frame)
  }

  #beginName(sign: string, at: number): void {
    if (sign !== '"') throw new JsonTrouble(`"${sign}" stands where a name has to`, this.#line)
    this.#inText = true
    this.#start = at
  }

  #value(sign: string, at: number, frame: Frame | undefined): void {
    const { matched, key } = this.#placeOf(frame)
    const isRecord = matched === this.#path.length && sign !== '['
    if (matched === this.#path.length && sign === '[') this.found = true
    if (isRecord) this.#begin(sign, at, key, frame)
    else if (sign === '{' || sign === '[')
      this.#open.push({ closes: sign === '{' ? '}' : ']', matched, key, name: undefined })
    else if (frame === undefined) throw new JsonTrouble('it is neither a list nor a map', this.#line)
    else if (sign === '"') this.#inText = true
  }

  /** What the value that comes is on the path. */
  #placeOf(frame: Frame | undefined): Pick<Frame, 'matched' | 'key'> {
    if (frame === undefined) return { matched: 0, key: undefined }
    const { closes, matched, key, name } = frame
    // Items of a list are where the list is.
    if (closes === ']' || matched === -1) return { matched, key }
    const step = this.#path[matched]
    if (step === '*') return { matched: matched + 1, key: name }
    return { matched: step === name ? matched + 1 : -1, key }
  }

  #begin(sign: string, at: number, key: string | undefined, frame: Frame | undefined): void {
    if (frame === undefined && sign === '{')
      throw new JsonTrouble('it is a map and not a list of records', this.#line)
    this.#key = key
    this.#start = at
    this.#startLine = this.#line
    this.#depth = sign === '{' || sign === '[' ? 1 : 0
    if (sign === '"') this.#inText = true
  }

  #close(sign: string): void {
    const frame = this.#open.pop()
    if (frame?.closes !== sign) throw new JsonTrouble(`"${sign}" closes what was not opened`, this.#line)
    this.#ended = this.#open.length === 0
  }
}

function isBlank(sign: string): boolean {
  return sign === ' ' || sign === '\n' || sign === '\t' || sign === '\r'
}
