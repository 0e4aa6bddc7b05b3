/**
 * DOS ends a text with the sign 0x1A, and pads what is left of a block with it. It belongs to no row.
 *
 * @module
 */
import { Buffer } from 'node:buffer'

export const dosEnd = 0x1a

/** The chunks without such signs at their very end. */
export async function* withoutDosEnd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let held = 0
  for await (const chunk of chunks) {
    const end = endOfText(chunk)
    if (end > 0 && held > 0) {
      yield Buffer.alloc(held, dosEnd)
      held = 0
    }
    held += chunk.length - end
    if (end > 0) yield chunk.subarray(0, end)
  }
}

function endOfText(chunk: Buffer): number {
  let end = chunk.length
  while (end > 0 && chunk[end - 1] === dosEnd) end--
  return end
}
