/**
 * Any number of documents as JSON Lines, in chunks worth sending.
 *
 * The first chunk is made before the answer begins, so that a question that cannot be answered gets an
 * error and no half answer. Nothing is read ahead of the client, and nothing more once it is gone.
 *
 * @module
 */
import { Readable } from 'node:stream'

const chunkLength = 64 * 1024

export async function jsonLines(documents: AsyncIterable<unknown>): Promise<Readable> {
  const chunks = chunksOf(documents)
  const first = await chunks.next()
  return Readable.from(resumed(first, chunks), { objectMode: false, highWaterMark: chunkLength })
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

async function* resumed(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    if (first.done !== true) yield first.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
