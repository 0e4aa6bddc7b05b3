/**
 * The ids of entries that other entries name: a column such as `manager.objectGUID`, beside `manager`.
 *
 * @module
 */
import { nameOf } from '../directory/extended-name.ts'
import type { Entry } from '../directory/messages.ts'

const suffix = '.objectguid'

/** The attribute that a column is made of. */
export function attributeOf(column: string): string {
  return isId(column) ? column.slice(0, -suffix.length) : column
}

export function isId(column: string): boolean {
  return column.toLowerCase().endsWith(suffix)
}

/** Names as people know them, and the ids that they carried in attributes of their own, in the same order. */
export function withIds(entry: Entry): Entry {
  const attributes = new Map<string, readonly Buffer[]>()
  for (const [name, values] of entry.attributes) {
    const first = values[0]
    if (first === undefined || !isExtended(first)) {
      attributes.set(name, values)
      continue
    }
    const names = values.map((value) => nameOf(value.toString('utf8')))
    attributes.set(
      name,
      names.map(({ dn }) => Buffer.from(dn)),
    )
    attributes.set(
      `${name}${suffix}`,
      names.map(({ guid = '' }) => Buffer.from(guid)),
    )
  }
  return { ...entry, dn: nameOf(entry.dn).dn, attributes }
}

const mark = Buffer.from('<GUID=')

function isExtended(value: Buffer): boolean {
  return value.subarray(0, mark.length).equals(mark)
}
