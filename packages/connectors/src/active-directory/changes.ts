/**
 * What has changed in a naming context since last time, page by page: which entries, and what of their links came and went.
 *
 * @module
 */
import type { Connection } from '../directory/connection.ts'
import { baseOf } from '../directory/extended-name.ts'
import type { Entry } from '../directory/messages.ts'
import { readEntries } from '../directory/read-entries.ts'
import { readChanges } from './dirsync.ts'
import { idOf } from './entry-id.ts'
import { withIds } from './linked-names.ts'
import { domainScope } from './read-table.ts'

export interface ChangesOfPage {
  /** Of all entries whose rows may be others now, those that are gone included. */
  readonly ids: ReadonlySet<string>
  /** The entries that the server named, with what has changed of them. */
  readonly entries: readonly Entry[]
}

export interface FollowedContext {
  readonly connection: Connection
  readonly context: string
  readonly cookie: Buffer
  readonly attributes: readonly string[]
  readonly visibleOnly: boolean
}

/** Returns the next cookie; `undefined`: the server does not take this one. */
export async function* changesSince({
  connection,
  cookie: since,
  ...asked
}: FollowedContext): AsyncGenerator<ChangesOfPage, Buffer | undefined> {
  let cookie = since
  for (;;) {
    const page = await readChanges(connection, { ...asked, cookie, filter: '(objectClass=*)' })
    if (page === undefined) return undefined
    yield { ids: await idsOf(connection, page.entries), entries: page.entries.map(withIds) }
    if (!page.more) return page.cookie
    cookie = page.cookie
  }
}

async function idsOf(connection: Connection, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const entry of entries) {
    const id = idOf(entry)
    if (id === undefined) continue
    ids.add(id)
    if (isRenamed(entry)) for await (const below of idsBelow(connection, entry.dn)) ids.add(below)
  }
  return ids
}

/**
 * It has another name or lies elsewhere, so what is below it has another name, too; the server does not name that. Of a new entry the server
 * also sends its class, and a deleted one has nothing below it.
 */
function isRenamed({ attributes }: Entry): boolean {
  const deleted = attributes.get('isdeleted')?.[0]?.toString('utf8') === 'TRUE'
  return attributes.has('name') && !attributes.has('objectclass') && !deleted
}

async function* idsBelow(connection: Connection, dn: string): AsyncGenerator<string> {
  const request = {
    base: baseOf(dn),
    table: {},
    attributes: ['objectGUID'],
    pageSize: 1000,
    controls: [domainScope(connection.ldapts)],
  }
  for await (const entry of readEntries(connection, request)) {
    const id = idOf(entry)
    if (id !== undefined) yield id
  }
}

/** Attributes that tell that an entry is new, renamed or gone. */
export const telling = ['name', 'objectClass', 'isDeleted', 'objectGUID']
