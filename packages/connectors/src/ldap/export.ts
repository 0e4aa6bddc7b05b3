/**
 * Exports the tables of a directory: everything, or what has changed.
 *
 * Links come whole each time: nobody says which of the members of a changed group have left it, so that is found by comparing.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { Connection } from '../directory/connection.ts'
import { basesOf, filterOf } from '../directory/read-entries.ts'
import { type WantedTable, type Writing, writeAll } from '../directory/write-entries.ts'
import { type ContentCookie, readContentCookie, writeByContent } from './by-content.ts'
import { readTimeCookie, type TimeCookie, writeByTime } from './by-time.ts'
import type { LdapOptions } from './options.ts'

export async function exportTables(
  options: LdapOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  const wanted = wantedTables(options, context)
  const connection = await Connection.open(options, context)
  try {
    const writing = { options, connection, context }
    const links = wanted.filter(({ table }) => table.links !== undefined)
    const entries = wanted.filter(({ table }) => table.links === undefined)
    const notes: string[] = []
    for (const table of links) notes.push(...(await writeAll(writing, table)))
    const { notes: more, ...mode } = await writeEntries(writing, entries, links)
    const all = [...notes, ...more]
    return { complete: true, ...mode, ...(all.length === 0 ? {} : { note: all.join(' ').slice(0, 2000) }) }
  } finally {
    connection.close()
  }
}

function wantedTables({ tables }: LdapOptions, context: ExportContext): readonly WantedTable[] {
  return context.wanted.flatMap(({ file, columns }) => {
    const name = file.replace(/\.csv$/, '')
    const table = tables[name]
    return table === undefined ? [] : [{ name, file, table, columns }]
  })
}

interface Written {
  readonly mode?: 'complete'
  readonly notes: readonly string[]
}

function writeEntries(
  writing: Writing<LdapOptions>,
  entries: readonly WantedTable[],
  links: readonly WantedTable[],
): Promise<Written> {
  switch (writing.options.changes) {
    case 'modification-time':
      return writeTimes(writing, entries)
    case 'content-synchronization':
      return writeContents(writing, entries, links)
    default:
      return writeEach(entries, (table) => writeAll(writing, table))
  }
}

async function writeEach(
  tables: readonly WantedTable[],
  write: (table: WantedTable) => Promise<readonly string[]>,
): Promise<Written> {
  const notes: string[] = []
  for (const table of tables) notes.push(...(await write(table)))
  return { notes }
}

async function writeTimes(writing: Writing<LdapOptions>, entries: readonly WantedTable[]): Promise<Written> {
  const { options, context } = writing
  const cookies = await cookiesOf<TimeCookie>(entries, (table) =>
    readTimeCookie(context, table, searchOf(options, table)),
  )
  const written = await writeEach(entries, (table) =>
    writeByTime(writing, table, { cookie: cookies?.get(table), search: searchOf(options, table) }),
  )
  if (context.mode !== 'incremental') return written
  if (cookies === undefined) return { ...written, mode: 'complete' }
  return {
    notes: [
      ...written.notes,
      'Deleted entries are not seen by their modification time; a complete finds them.',
    ],
  }
}

async function writeContents(
  writing: Writing<LdapOptions>,
  entries: readonly WantedTable[],
  links: readonly WantedTable[],
): Promise<Written> {
  const { options, context } = writing
  for (const table of entries) refuseWithoutId(table)
  const cookies = await cookiesOf<ContentCookie>(entries, (table) =>
    readContentCookie(context, table, searchOf(options, table)),
  )
  const notes: string[] = []
  for (const table of entries) {
    const written = await writeByContent(writing, table, {
      cookie: cookies?.get(table),
      search: searchOf(options, table),
    })
    if (written.kind === 'refresh required') {
      await context.startOver()
      for (const one of links) await writeAll(writing, one)
      const whole = await writeContents(writing, entries, links)
      return {
        ...whole,
        mode: 'complete',
        notes: [...whole.notes, `The server cannot say what has changed in ${table.file} since last time.`],
      }
    }
    notes.push(...written.notes)
  }
  return context.mode === 'incremental' && cookies === undefined ? { mode: 'complete', notes } : { notes }
}

/** Only of all tables together: one that has none comes whole, and then everything does. */
async function cookiesOf<T>(
  tables: readonly WantedTable[],
  read: (table: WantedTable) => Promise<T | undefined>,
): Promise<ReadonlyMap<WantedTable, T> | undefined> {
  const found = new Map<WantedTable, T>()
  for (const table of tables) {
    const cookie = await read(table)
    if (cookie === undefined) return undefined
    found.set(table, cookie)
  }
  return found
}

/** What a cookie is of: it means nothing for another search. */
function searchOf(options: LdapOptions, { table }: WantedTable): string {
  return JSON.stringify([options.url, basesOf(options, table), table.scope ?? 'subtree', filterOf(table)])
}

/** Of a deleted entry the server tells nothing else. */
function refuseWithoutId({ file, columns }: WantedTable): void {
  if (columns.some((name) => name.toLowerCase() === 'entryuuid')) return
  throw new ManagedSystemError(
    `No mapping reads entryUUID of ${file}, and of a deleted entry the server tells nothing else.`,
    {
      remedy: 'Make entryUUID the key of the mapping, or choose changes: compare.',
    },
  )
}
