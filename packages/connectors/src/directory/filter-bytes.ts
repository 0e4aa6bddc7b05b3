/**
 * Filters whose values hold escaped bytes: `(cn=M\c3\bcller)`, `(objectGUID=\ff\80…)`.
 *
 * The codec takes each escaped byte for a character and encodes it again, so that two bytes arrive where one was meant, and nothing is found.
 *
 * @module
 */
import { isUtf8 } from 'node:buffer'
import type { Filter } from 'ldapts'
import type { Ldapts } from './ldapts.ts'

/** Characters for private use: bytes that are no text wait in them until they are written. */
const placeholders = 0xf700
const placeholder = /[\uf780-\uf7ff]/

export function parseFilter(ldapts: Ldapts, text: string): Filter {
  const characters = text.replaceAll(/(?:\\[89A-Fa-f][0-9A-Fa-f])+/g, (escaped) => {
    const bytes = Buffer.from(escaped.replaceAll('\\', ''), 'hex')
    if (isUtf8(bytes)) return bytes.toString('utf8')
    return [...bytes].map((byte) => String.fromCharCode(placeholders + byte)).join('')
  })
  const filter = ldapts.FilterParser.parseString(characters)
  if (placeholder.test(characters)) putBytes(ldapts, filter)
  return filter
}

function putBytes(ldapts: Ldapts, filter: Filter): void {
  const { AndFilter, EqualityFilter, NotFilter, OrFilter } = ldapts
  if (filter instanceof AndFilter || filter instanceof OrFilter)
    for (const part of filter.filters) putBytes(ldapts, part)
  else if (filter instanceof NotFilter) putBytes(ldapts, filter.filter)
  else if (filter instanceof EqualityFilter && typeof filter.value === 'string')
    filter.value = bytesOf(filter.value)
}

function bytesOf(text: string): string | Buffer {
  if (!placeholder.test(text)) return text
  return Buffer.concat(
    [...text].map((character) =>
      placeholder.test(character)
        ? Buffer.of(character.charCodeAt(0) - placeholders)
        : Buffer.from(character),
    ),
  )
}
