/**
 * Entries of LDIF as records, with what changes have made of them.
 *
 * @module
 */

import { parentOf } from '../directory/distinguished-name.ts'
import type { SourceDocument } from '../formats/document.ts'
import { type LdifChange, type LdifEntry, readLdif } from '../formats/ldif.ts'
import { LdifChanges } from '../formats/ldif-changes.ts'
import type { SourceRecord } from '../formats/record.ts'
import { documentTrouble } from '../formats/trouble.ts'

export interface LdifTable {
  readonly documents: readonly SourceDocument[]
  readonly changes: readonly SourceDocument[]
  readonly objectClass?: string | undefined
}

/** @param notes Takes what people should know, in sentences. */
export async function* entriesOf(
  { documents, changes: ofChanges, objectClass }: LdifTable,
  notes: string[] = [],
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const changes = new LdifChanges()
  for (const document of ofChanges) for await (const some of readLdif(document)) changes.add(some)
  const kept = (entries: readonly LdifEntry[]) =>
    entries.filter((entry) => objectClass === undefined || isOf(entry, objectClass)).map(recordOf)
  for (const document of documents)
    for await (const records of readLdif(document))
      yield kept(
        records
          .map((record) => changes.over(entryOf(document.name, record)))
          .filter((entry) => entry !== undefined),
      )
  yield kept([...changes.added()])
  if (changes.lost > 0)
    notes.push(
      `${changes.lost} changes are of entries that are not there: they were changed before, or are elsewhere.`,
    )
}

function entryOf(document: string, record: LdifChange): LdifEntry {
  if (record.type === 'add') return record
  throw documentTrouble(document, `holds changes (${record.type}), and not all entries`, {
    line: record.line,
    remedy: 'Name files of changes as changes, beside the path of all entries.',
  })
}

function isOf({ attributes }: LdifEntry, objectClass: string): boolean {
  const wanted = objectClass.toLowerCase()
  return attributes.get('objectclass')?.some((one) => one.toLowerCase() === wanted) === true
}

/** Values have no order, and a row that is the same shall look the same. */
function recordOf({ dn, attributes }: LdifEntry): SourceRecord {
  const values = [...attributes].map(
    ([name, all]) => [name, all.length === 1 ? all[0] : [...all].sort()] as const,
  )
  return { ...Object.fromEntries(values), dn, parentdn: parentOf(dn) }
}
