/**
 * Sorts the lines of a small file in memory, in the order in which DuckDB sorts those of a large one.
 *
 * @module
 */
import { Buffer } from 'node:buffer'

export interface LineOrder {
  /** What a line is made of, separated by 0x01. */
  readonly parts: readonly ('text' | 'number')[]
  /** How many of the parts decide. */
  readonly by: number
}

interface SortableLine {
  readonly text: string
  readonly keys: readonly (string | number | undefined)[]
}

/** The lines, each with its end, in ascending order; of those that are alike in all that decides, the first stays first. */
export function sortLines(bytes: Buffer, order: LineOrder): Buffer {
  // A character for each byte, so that texts compare as their bytes do.
  const lines = bytes.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  const sorted = lines.map((text) => ({ text, keys: keysOf(text, order) })).sort(compareLines)
  return Buffer.from(sorted.map(({ text }) => `${text}\n`).join(''), 'latin1')
}

function keysOf(line: string, { parts, by }: LineOrder): SortableLine['keys'] {
  return line
    .split('\x01', by)
    .map((part, index) => (part === '' ? undefined : parts[index] === 'number' ? Number(part) : part))
}

function compareLines(one: SortableLine, other: SortableLine): number {
  for (const [index, key] of one.keys.entries()) {
    const against = other.keys[index]
    if (key === against) continue
    // What is empty is last, as null is for DuckDB.
    if (key === undefined) return 1
    if (against === undefined) return -1
    return key < against ? -1 : 1
  }
  return 0
}
