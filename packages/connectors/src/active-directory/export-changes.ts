/**
 * Exports with DirSync: everything with the cookies of the moment before, and what has changed since them from then on.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'
import { readRemembered, remember } from './cookie.ts'
import { cookieOfNow } from './dirsync.ts'
import { type Followed, followedContexts, whyNotSince } from './followed-contexts.ts'
import { noteOf } from './notes.ts'
import type { Schema } from './schema.ts'
import { isFollowed, refuseWithoutId, unseenOf, type WantedTable } from './tables.ts'
import { writeChanges } from './write-changes.ts'
import { type Writing, writeWhole } from './write-whole.ts'

export interface Exporting extends Writing {
  readonly schema: Schema
  readonly tables: readonly WantedTable[]
}

export async function exportChanges(exporting: Exporting): Promise<ConnectorStatement> {
  const { context, schema, tables } = exporting
  for (const table of tables) if (table.table.links === undefined) refuseWithoutId(table)
  const followed = tables.filter((table) => isFollowed(table, schema))
  const compared = tables.filter((table) => !isFollowed(table, schema))
  const all = { followed, compared, contexts: await followedContexts(followed) }
  const notes = [...unseenOf(followed, schema), ...comparedNotes(compared)]
  const former = await readRemembered(context, followed)
  if (former === undefined) return writeEverything(exporting, all, notes)
  const why = await whyNotSince(former, all.contexts)
  if (why !== undefined) return writeEverything(exporting, all, [why, ...notes])
  const written = await writeChanges(exporting, all, former)
  if (written !== undefined) return { complete: true, ...noteOf([...notes, ...written]) }
  await context.startOver()
  return writeEverything(exporting, all, [
    'The server does not take its cookie, so everything was read.',
    ...notes,
  ])
}

/** The cookies come first: what changes while everything is read, comes again next time. */
async function writeEverything(
  { options, context }: Exporting,
  { followed, compared, contexts }: Followed,
  notes: readonly string[],
): Promise<ConnectorStatement> {
  const { visibleOnly = false } = options
  const at = new Date()
  const cookies = new Map<string, Buffer>()
  for (const { id, domain, context: name } of contexts)
    cookies.set(id, await cookieOfNow(domain.connection, { context: name, visibleOnly }))
  const ids = new Map<string, ReadonlySet<string>>()
  const all = [...notes]
  for (const table of followed) {
    const seen = new Set<string>()
    all.push(...(await writeWhole({ options, context }, table, (id) => seen.add(id))))
    ids.set(table.name, seen)
  }
  for (const table of compared) all.push(...(await writeWhole({ options, context }, table)))
  await remember(context, followed, { at, cookies, ids })
  const mode = context.mode === 'incremental' ? { mode: 'complete' as const } : {}
  return { complete: true, ...mode, ...noteOf(all) }
}

function comparedNotes(tables: readonly WantedTable[]): readonly string[] {
  return tables.map(
    ({ file, table: { links } }) =>
      `${file} is read whole and compared each time: changes of it are told where its mapping reads objectGUID and ${links}.objectGUID.`,
  )
}
