/**
 * Any number of documents as JSON Lines, in chunks worth sending.
 *
 * The first chunk is made before the answer begins, so that a question that cannot be answered gets an
 * error and no half answer. Nothing is read ahead of the client, and nothing more once it is gone. What is longer than one chunk takes
 * turns with the others that are, so that short answers wait for none of them.
 *
 * @module
 */
import { Readable } from 'node:stream'

const chunkLength = 64 * 1024

/** Waits until it is its turn, and works then. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>

export async function jsonLines(documents: AsyncIterable<unknown>, inTurn: TakeTurn): Promise<Readable> {
  const chunks = chunksOf(documents)
  const first = await chunks.next()
  const all = resumed(first, chunks, inTurn)
  return Readable.from(all, { objectMode: false, highWaterMark: chunkLength })
}

async function* chunksOf(documents: AsyncIterable<unknown>): AsyncGenerator<string> {
  let chunk = ''
  for await (const document of documents) {
    chunk += `${JSON.stringify(document)}\n`
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

async function* resumed(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
  inTurn: TakeTurn,
): AsyncGenerator<string> {
  try {
    for (let chunk = first; chunk.done !== true; chunk = await inTurn(() => rest.next())) {
      yield chunk.value
      // A shorter one is the last.
      if (chunk.value.length < chunkLength) return
    }
  } finally {
    await rest.return(undefined)
  }
}
