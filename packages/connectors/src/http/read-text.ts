/**
 * Reads an answer, as far as it may be long.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'

interface Limit {
  /** Bytes. */
  readonly most: number
  /** What was asked, for people. */
  readonly place: string
}

/** Text in UTF-8. */
export async function readText(body: AsyncIterable<Uint8Array>, { most, place }: Limit): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > most)
      throw new ManagedSystemError(`${place} answers with more than ${most / 1_000_000} megabytes.`, {
        remedy: 'Ask for smaller pages, or raise limits.answerMegabytes.',
      })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
