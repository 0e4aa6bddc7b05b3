/**
 * Servers before PostgreSQL 18 end a COPY at a line `\.`, in CSV and even inside of quotes. A file with such a line is handed
 * over in COPY's own text format instead, in which it is written `\\.`.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'

const mark = Buffer.from('\n\\.')
const feed = 0x0a
const quote = 0x22
const comma = 0x2c

/** Says whether a line of the file, below the first, is `\.`; whether in quotes or not. */
export async function holdsEndMark(path: string): Promise<boolean> {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk])
    for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
      const behind = bytes[at + mark.length]
      if (behind === feed || behind === 0x0d) return true
    }
    rest = bytes.subarray(Math.max(0, bytes.length - mark.length))
  }
  return rest.equals(mark)
}

/** From CSV as prepared files are written to the text format of COPY. An empty field without quotes is absent. */
export function csvToCopyText(): Transform {
  const reader = new CsvReader()
  return new Transform({
    transform: (chunk: Buffer, _, done) => done(null, reader.read(chunk)),
    flush: (done) => done(null, reader.end()),
  })
}

const escapes: ReadonlyMap<number, Buffer> = new Map([
  [0x5c, Buffer.from('\\\\')],
  [feed, Buffer.from('\\n')],
  [0x0d, Buffer.from('\\r')],
  [0x09, Buffer.from('\\t')],
])
const absent = Buffer.from('\\N')

class CsvReader {
  /** Of the field: it has begun, in quotes, and its quote may have ended. */
  #begun = false
  #quoted = false
  #closing = false

  read(chunk: Buffer): Buffer {
    const target = Buffer.allocUnsafe(chunk.length * 2 + absent.length)
    let to = 0
    for (const byte of chunk) to = this.#take(byte, target, to)
    return target.subarray(0, to)
  }

  end(): Buffer {
    return this.#begun ? Buffer.from('\n') : Buffer.alloc(0)
  }

  #take(byte: number, target: Buffer, at: number): number {
    if (this.#quoted && !this.#closing) {
      if (byte !== quote) return write(byte, target, at)
      this.#closing = true
      return at
    }
    if (byte === quote && this.#closing) {
      this.#closing = false
      return write(byte, target, at)
    }
    if (byte === comma || byte === feed) return this.#separate(byte, target, at)
    if (byte === quote && !this.#begun) {
      this.#begun = true
      this.#quoted = true
      return at
    }
    this.#begun = true
    return write(byte, target, at)
  }

  #separate(byte: number, target: Buffer, at: number): number {
    let to = at
    if (!this.#begun) to += absent.copy(target, to)
    this.#begun = false
    this.#quoted = false
    this.#closing = false
    target[to++] = byte === comma ? 0x09 : feed
    return to
  }
}

function write(byte: number, target: Buffer, at: number): number {
  const escaped = escapes.get(byte)
  if (escaped !== undefined) return at + escaped.copy(target, at)
  target[at] = byte
  return at + 1
}
