/**
 * What a server says of itself, in the entry at its root (RFC 4512, section 5.1).
 *
 * @module
 */
import type { Connection } from './connection.ts'

export interface RootEntry {
  /** Texts of an attribute, whose name is in lower case. */
  all(attribute: string): readonly string[]
  /** The first of them. */
  one(attribute: string): string | undefined
}

/** Nothing at all where the server does not show it. */
export async function readRoot(connection: Connection): Promise<RootEntry> {
  const texts = new Map<string, readonly string[]>()
  const search = connection.search({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['*', '+'],
  })
  for await (const message of search) {
    if (message.kind !== 'entry') continue
    for (const [name, values] of message.attributes)
      texts.set(
        name,
        values.map((value) => value.toString('utf8')),
      )
  }
  const all = (attribute: string) => texts.get(attribute) ?? []
  return { all, one: (attribute) => all(attribute)[0] }
}
