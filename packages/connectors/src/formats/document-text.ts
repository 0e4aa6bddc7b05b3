/**
 * The text of a document: UTF-8, or what it says itself that it is. A byte that is no character is an error, for what it stood for is lost.
 *
 * @module
 */
import { TextDecoder } from 'node:util'
import type { SourceDocument } from './document.ts'
import { documentTrouble } from './trouble.ts'

/** @param declared Finds in the first bytes how the text is written, where the format has a way to say so. */
export async function* textsOf(
  document: SourceDocument,
  declared: (head: string) => string | undefined = () => undefined,
): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined
  for await (const chunk of document.bytes()) {
    decoder ??= decoderOf(document, chunk, declared)
    const text = decoded(document, decoder, chunk)
    if (text !== '') yield text
  }
  if (decoder !== undefined) decoded(document, decoder, undefined)
}

function decoded({ name }: SourceDocument, decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch {
    throw documentTrouble(name, `is not ${decoder.encoding.toUpperCase()}`, {
      remedy: 'Let it be written as UTF-8; look whether it is cut off.',
    })
  }
}

function decoderOf(
  { name }: SourceDocument,
  head: Uint8Array,
  declared: (head: string) => string | undefined,
): TextDecoder {
  const encoding = byMark(head) ?? declared(Buffer.from(head.subarray(0, 200)).toString('latin1')) ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw documentTrouble(name, `says that it is written as ${encoding}, which is not known`)
  }
}

function byMark(head: Uint8Array): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined
}

/** Lines without their ends, each with its number. The last one may have none. */
export async function* linesOf(
  texts: AsyncIterable<string>,
): AsyncGenerator<readonly { readonly text: string; readonly line: number }[], void, undefined> {
  let rest = ''
  let line = 0
  for await (const text of texts) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    yield parts.map((part) => ({ text: withoutReturn(part), line: ++line }))
  }
  if (rest !== '') yield [{ text: withoutReturn(rest), line: line + 1 }]
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
