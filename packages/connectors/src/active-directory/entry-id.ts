/**
 * The id of an entry, which it keeps when it is renamed or moved.
 *
 * @module
 */
import type { Entry } from '../directory/messages.ts'

const attribute = 'objectguid'

/** The bytes of its objectGUID as 32 hexadecimal digits. */
export function idOf({ attributes }: Pick<Entry, 'attributes'>): string | undefined {
  return attributes.get(attribute)?.[0]?.toString('hex')
}

/** An entry of which nothing is known but its id. */
export function onlyId(id: string): Entry {
  return {
    kind: 'entry',
    dn: '',
    attributes: new Map([[attribute, [Buffer.from(id, 'hex')]]]),
    controls: [],
  }
}

/** A filter for those of these ids that also fit another filter. */
export function filterOfIds(ids: readonly string[], filter: string): string {
  const each = ids.map((id) => `(objectGUID=${id.replaceAll(/../g, (byte) => `\\${byte}`)})`)
  return `(&${filter}(|${each.join('')}))`
}
