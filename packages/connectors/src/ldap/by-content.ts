/**
 * Changes as the server itself tells them: content synchronization (RFC 4533), one refresh for each export.
 *
 * A server that remembers what was deleted names it (delete phase). One that does not names what is still there (present phase), and all
 * else is gone: so the ids of all entries are kept with the cookie.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext, TableWriter } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Connection, Found } from '../directory/connection.ts'
import type { Ldapts } from '../directory/ldapts.ts'
import type { Entry, Result } from '../directory/messages.ts'
import { basesOf, filterOf } from '../directory/read-entries.ts'
import { refusalOf, resultCodes } from '../directory/results.ts'
import { Rows } from '../directory/rows.ts'
import { uuidOf } from '../directory/values.ts'
import { notesOf, type WantedTable, type Writing, writeRows } from '../directory/write-entries.ts'
import { Refresh } from './refresh.ts'
import { syncControl, syncDoneOf, syncInfoOf, syncStateOf } from './sync-controls.ts'

const baseSchema = z.strictObject({
  /** Base64. */
  cookie: z.string(),
  /** Of all entries: 32 hexadecimal digits each. */
  ids: z.string(),
})
const cookieSchema = z.strictObject({
  version: z.literal(1),
  search: z.string(),
  bases: z.record(z.string(), baseSchema),
})
export type ContentCookie = z.infer<typeof cookieSchema>

const nameOf = ({ name }: WantedTable) => `${name}.content`

/** `undefined`: none was kept, or it is of another search. */
export async function readContentCookie(context: ExportContext, table: WantedTable, search: string) {
  const text = await context.readCookie(nameOf(table))
  if (text === undefined) return undefined
  const parsed = cookieSchema.safeParse(JSON.parse(text))
  return parsed.success && parsed.data.search === search ? parsed.data : undefined
}

export type ContentWritten =
  | { readonly kind: 'written'; readonly notes: readonly string[] }
  /** The server does not know the cookie any more. */
  | { readonly kind: 'refresh required' }

/** Writes what has changed since the cookie, everything where there is none, and keeps the new one. */
export async function writeByContent(
  { options, connection, context }: Writing,
  wanted: WantedTable,
  { cookie, search }: { readonly cookie: ContentCookie | undefined; readonly search: string },
): Promise<ContentWritten> {
  const { file, table, columns } = wanted
  const rows = new Rows(columns, options, undefined)
  const writer = await context.table(file, [...(cookie === undefined ? [] : ['command']), ...columns])
  const bases: Record<string, z.infer<typeof baseSchema>> = {}
  const there = new Set<string>()
  const gone = new Set<string>()
  let references = 0
  for (const base of basesOf(options, table)) {
    const former = cookie?.bases[base]
    const read = await refresh(connection, {
      base,
      wanted,
      rows,
      writer,
      former,
      command: cookie === undefined ? [] : ['merge'],
    })
    if (read === undefined) return { kind: 'refresh required' }
    references += read.references
    const ended = read.refresh.end()
    for (const id of ended.there) there.add(id)
    for (const id of ended.gone) gone.add(id)
    bases[base] = { cookie: read.cookie.toString('base64'), ids: [...ended.there].join('') }
  }
  if (cookie !== undefined)
    await writeDeleted(
      writer,
      columns,
      [...gone].filter((id) => !there.has(id)),
    )
  await context.writeCookie(nameOf(wanted), JSON.stringify({ version: 1, search, bases }))
  return { kind: 'written', notes: [...rows.notes, ...notesOf(file, references)] }
}

interface OneBase {
  readonly base: string
  readonly wanted: WantedTable
  readonly rows: Rows
  readonly writer: TableWriter
  readonly former: z.infer<typeof baseSchema> | undefined
  readonly command: readonly string[]
}

async function refresh(connection: Connection, { base, wanted, rows, writer, former, command }: OneBase) {
  const { ldapts } = connection
  const { table } = wanted
  const cookie = former === undefined ? undefined : Buffer.from(former.cookie, 'base64')
  const found = new Refresh(idsIn(former?.ids ?? ''))
  let references = 0
  const search = connection.search({
    base,
    scope: table.scope ?? 'subtree',
    filter: filterOf(table),
    attributes: rows.attributes,
    controls: [syncControl(ldapts, cookie)],
  })
  let step = await search.next()
  while (step.done !== true) {
    if (step.value.kind === 'reference') references++
    const changed = changedEntry(ldapts, step.value, found)
    if (changed !== undefined) {
      const changes = rows.of(changed).map((row) => [...command, ...row])
      await writeRows(writer, changes)
    }
    step = await search.next()
  }
  if (step.value.code === resultCodes.syncRefreshRequired && cookie !== undefined) return undefined
  const done = endOf(connection, base, step.value)
  found.done(done.deletes)
  return { references, refresh: found, cookie: done.cookie ?? cookie ?? Buffer.alloc(0) }
}

/** Without it nobody knows whether what was not mentioned is gone. */
function endOf(connection: Connection, base: string, result: Result) {
  const doing = `Synchronizing ${base || 'the directory'} with ${connection.place}`
  if (result.code !== resultCodes.success) throw refusalOf(doing, result)
  const done = syncDoneOf(connection.ldapts, result.controls)
  if (done !== undefined) return done
  throw new ManagedSystemError(`${doing} failed: it does not say that it was one.`, {
    remedy: 'Choose another way with changes.',
  })
}

/** The entry whose row has to be written, if the message brings one. */
function changedEntry(ldapts: Ldapts, message: Found, found: Refresh): Entry | undefined {
  if (message.kind === 'intermediate') found.info(syncInfoOf(ldapts, message))
  if (message.kind !== 'entry') return undefined
  return found.entry(syncStateOf(ldapts, message.controls)) ? message : undefined
}

function idsIn(text: string): readonly string[] {
  return text.match(/.{32}/g) ?? []
}

async function writeDeleted(
  writer: TableWriter,
  columns: readonly string[],
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    const cells = columns.map((name) => (name.toLowerCase() === 'entryuuid' ? uuidOf(id) : undefined))
    await writer.write(['delete', ...cells])
  }
}
