/**
 * Writes what has changed in the naming contexts of all tables since their cookies.
 *
 * @module
 */
import { filterOf } from '../directory/read-entries.ts'
import { changesSince, telling } from './changes.ts'
import { type Remembered, remember } from './cookie.ts'
import { EntityChanges } from './entity-changes.ts'
import type { Followed, FollowedContext } from './followed-contexts.ts'
import { LinkChanges } from './link-changes.ts'
import { listedChanges } from './list-ids.ts'
import { comparableName } from './naming-contexts.ts'
import type { TableChanges } from './table-changes.ts'
import { attributesIn, type WantedTable } from './tables.ts'
import { type Writing, writeWhole } from './write-whole.ts'

/** Sentences for people; `undefined`: a server does not take its cookie. */
export async function writeChanges(
  { options, context }: Writing,
  { followed, compared, contexts }: Followed,
  former: Remembered,
): Promise<readonly string[] | undefined> {
  const { visibleOnly = false, pageSize = 1000 } = options
  const at = new Date()
  const writing = { options, context }
  const tables: TableChanges[] = []
  for (const table of followed) {
    const kind = table.table.links === undefined ? EntityChanges : LinkChanges
    tables.push(await kind.begin(writing, table, former.ids.get(table.name) ?? new Set()))
  }
  const cookies = new Map<string, Buffer>()
  for (const one of contexts) {
    const cookie = await follow(one, tables, {
      since: former.cookies.get(one.id) ?? Buffer.alloc(0),
      visibleOnly,
    })
    if (cookie === undefined) return undefined
    cookies.set(one.id, cookie)
  }
  const notes: string[] = []
  for (const table of tables) {
    if (visibleOnly) await applyListed(table, pageSize)
    notes.push(...(await table.end()))
  }
  for (const table of compared) notes.push(...(await writeWhole(writing, table)))
  const ids = new Map(tables.map(({ wanted, known }) => [wanted.name, known]))
  await remember(context, followed, { at, cookies, ids })
  return notes
}

/** The next cookie of a naming context; `undefined`: the server does not take the one before. */
async function follow(
  { domain: { connection }, context }: FollowedContext,
  tables: readonly TableChanges[],
  { since, visibleOnly }: { readonly since: Buffer; readonly visibleOnly: boolean },
): Promise<Buffer | undefined> {
  const here = tables.map((changes) => ({
    changes,
    places: changes.wanted.places.filter(
      (place) => comparableName(place.context) === comparableName(context),
    ),
  }))
  const attributes = attributesOf(here.map(({ changes }) => changes.wanted))
  const pages = changesSince({ connection, context, cookie: since, attributes, visibleOnly })
  for (;;) {
    const step = await pages.next()
    if (step.done === true) return step.value
    for (const { changes, places } of here) if (places.length > 0) await changes.apply(step.value, places)
  }
}

/** Changes of others are of no concern. */
function attributesOf(tables: readonly WantedTable[]): readonly string[] {
  const read = tables.flatMap(({ attributes, table }) => [...attributes, ...attributesIn(filterOf(table))])
  return [...new Set([...read, ...telling].map((name) => name.toLowerCase()))]
}

async function applyListed(table: TableChanges, pageSize: number): Promise<void> {
  const { wanted, known } = table
  const ids = await listedChanges(wanted, known, pageSize)
  await table.apply({ ids, entries: [] }, wanted.places)
}
