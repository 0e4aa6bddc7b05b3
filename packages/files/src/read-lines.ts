/**
 * Reads a file line by line, at a line feed and nowhere else, in memory that the longest line bounds.
 *
 * The runtime's own reader also ends lines at U+2028, which JSON Lines may hold, and keeps a line of any length.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createReadStream } from 'node:fs'

export interface LineLimit {
  /** Bytes. */
  readonly longest: number
  /** The error for a line, counted from 1, that is longer. */
  readonly tooLong: (line: number) => Error
}

/** The lines without their line feeds; the last one also when it has none, unless it is empty. */
export function readLines(path: string, limit: LineLimit): AsyncGenerator<string, void, undefined> {
  return linesOf(createReadStream(path), limit)
}

/** The same of what somebody else reads; a chunk is theirs again when the next one is asked for. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  limit: LineLimit,
): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = []
  let size = 0
  let line = 1
  const take = (part: Buffer) => {
    size += part.length
    if (size > limit.longest) throw limit.tooLong(line)
    parts.push(part)
  }
  const finish = () => {
    const text = Buffer.concat(parts).toString('utf8')
    parts = []
    size = 0
    line++
    return text
  }
  for await (const chunk of chunks) {
    let at = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, at)) {
      take(chunk.subarray(at, end))
      yield finish()
      at = end + 1
    }
    // Who reads may use the bytes of a chunk again for the next one.
    take(Buffer.from(chunk.subarray(at)))
  }
  if (size > 0) yield finish()
}
