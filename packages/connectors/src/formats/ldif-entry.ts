/**
 * What modifications make of an entry.
 *
 * @module
 */
import { parentOf } from '../directory/distinguished-name.ts'
import type { LdifEntry, LdifModification } from './ldif.ts'

/** The first part of a name. */
export function rdnOf(dn: string): string {
  const parent = parentOf(dn)
  const rdn = parent === '' ? dn : dn.slice(0, dn.lastIndexOf(parent)).trimEnd()
  return rdn.replace(/,$/, '').trimEnd()
}

export function modified(
  { dn, attributes }: LdifEntry,
  modifications: readonly LdifModification[],
): LdifEntry {
  const after = new Map(attributes)
  for (const { how, attribute, values } of modifications) {
    const before = after.get(attribute) ?? []
    const now = valuesAfter(how, before, values)
    if (now.length === 0) after.delete(attribute)
    else after.set(attribute, now)
  }
  return { dn, attributes: after }
}

function valuesAfter(
  how: LdifModification['how'],
  before: readonly string[],
  values: readonly string[],
): readonly string[] {
  switch (how) {
    case 'add':
      return [...before, ...values.filter((value) => !before.includes(value))]
    case 'replace':
      return values
    case 'delete':
      // Without values all of them go.
      return values.length === 0 ? [] : before.filter((one) => !values.some((value) => sameValue(one, value)))
  }
}

/** Nearly all attributes, and all that name entries, make no difference there. */
function sameValue(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** With another name; the values in it are values of the entry. */
export function renamed(entry: LdifEntry, dn: string, deleteOld: boolean): LdifEntry {
  const old = deleteOld ? partsOf(rdnOf(entry.dn)) : []
  const changes = [
    ...old.map(([attribute, value]) => ({ how: 'delete' as const, attribute, values: [value] })),
    ...partsOf(rdnOf(dn)).map(([attribute, value]) => ({ how: 'add' as const, attribute, values: [value] })),
  ]
  return { ...modified(entry, changes), dn }
}

/** `cn=Ann+uid=1`: each with its value. */
function partsOf(rdn: string): readonly (readonly [string, string])[] {
  return rdn.split(/(?<!\\)\+/).map((part) => {
    const [name = '', ...value] = part.split('=')
    return [
      name.trim().toLowerCase(),
      value
        .join('=')
        .trim()
        .replaceAll(/\\([,=+"\\<>;# ])/g, '$1'),
    ] as const
  })
}
