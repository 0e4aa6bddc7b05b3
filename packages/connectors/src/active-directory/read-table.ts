/**
 * Entries of a table, with the ids of what they name.
 *
 * @module
 */
import type { Control } from 'ldapts'
import { extendedNames } from '../directory/extended-name.ts'
import type { Ldapts } from '../directory/ldapts.ts'
import type { Entry } from '../directory/messages.ts'
import { filterOf, readEntries } from '../directory/read-entries.ts'
import type { Place } from './domain.ts'
import { filterOfIds } from './entry-id.ts'
import { isId, withIds } from './linked-names.ts'
import type { WantedTable } from './tables.ts'

const domainScopeOid = '1.2.840.113556.1.4.1339'

/** The server is not to name others that hold other parts: that there are some is known. */
export function domainScope(ldapts: Ldapts): Control {
  return withoutValue(ldapts, domainScopeOid)
}

function withoutValue({ Control: Base }: Ldapts, oid: string): Control {
  return new Base(oid, { critical: true })
}

export interface ReadTable {
  readonly place: Place
  readonly pageSize: number
  readonly attributes: readonly string[]
  /** Of the entries that fit its filter only these. */
  readonly ids?: readonly string[]
}

export async function* readTable(
  { table, columns }: WantedTable,
  { place, pageSize, attributes, ids }: ReadTable,
): AsyncGenerator<Entry, void> {
  const { connection } = place.domain
  const { ldapts } = connection
  const named = columns.some(isId) ? [extendedNames(ldapts)] : []
  const filter = ids === undefined ? filterOf(table) : filterOfIds(ids, filterOf(table))
  const request = {
    base: place.base,
    table,
    filter,
    attributes: attributes.length === 0 ? ['1.1'] : attributes,
    pageSize,
    controls: [domainScope(ldapts), ...named],
    apart: table.links,
  }
  for await (const entry of readEntries(connection, request)) yield withIds(entry)
}
