/**
 * Changes by the time of modification: entries that were changed since, and none that were deleted.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Entry } from '../directory/messages.ts'
import { basesOf, filterOf, readEntries } from '../directory/read-entries.ts'
import { Rows } from '../directory/rows.ts'
import { eachOf, notesOf, type WantedTable, type Writing, writeRows } from '../directory/write-entries.ts'

const attribute = 'modifyTimestamp'
/** Milliseconds: what was changed at the same time, or came from another server later, is read again. */
const overlap = 60_000

const cookieSchema = z.strictObject({ version: z.literal(1), search: z.string(), latest: z.string() })
export type TimeCookie = z.infer<typeof cookieSchema>

const nameOf = ({ name }: WantedTable) => `${name}.time`

/** `undefined`: none was kept, or it is of another search. */
export async function readTimeCookie(context: ExportContext, table: WantedTable, search: string) {
  const text = await context.readCookie(nameOf(table))
  if (text === undefined) return undefined
  const parsed = cookieSchema.safeParse(JSON.parse(text))
  return parsed.success && parsed.data.search === search ? parsed.data : undefined
}

/** Writes the entries that were changed since the cookie, all of them where there is none, and keeps the latest time. */
export async function writeByTime(
  { options, connection, context }: Writing,
  wanted: WantedTable,
  { cookie, search }: { readonly cookie: TimeCookie | undefined; readonly search: string },
): Promise<readonly string[]> {
  const { file, table, columns } = wanted
  const rows = new Rows(columns, options, undefined)
  const command = cookie === undefined ? [] : ['merge']
  const writer = await context.table(file, [...(cookie === undefined ? [] : ['command']), ...columns])
  const filter =
    cookie === undefined ? filterOf(table) : `(&${filterOf(table)}(${attribute}>=${cookie.latest}))`
  let latest = ''
  let without = 0
  let references = 0
  const attributes = [...new Set([...rows.attributes.filter((name) => name !== '1.1'), attribute])]
  const write = (entry: Entry) => {
    const time = entry.attributes.get(attribute.toLowerCase())?.[0]?.toString('utf8') ?? ''
    if (time === '') without++
    if (time > latest) latest = time
    return writeRows(
      writer,
      rows.of(entry).map((row) => [...command, ...row]),
    )
  }
  for (const base of basesOf(options, table)) {
    const request = { base, table, attributes, filter, pageSize: options.pageSize ?? 500 }
    references += await eachOf(readEntries(connection, request), write)
  }
  if (without > 0)
    throw new ManagedSystemError(
      `${without} entries of ${file} show no ${attribute}, so changes cannot be found.`,
      {
        remedy: `Let the user read ${attribute}, or choose another way with changes.`,
      },
    )
  const since = latest === '' ? cookie?.latest : before(latest)
  if (since !== undefined)
    await context.writeCookie(nameOf(wanted), JSON.stringify({ version: 1, search, latest: since }))
  return [...rows.notes, ...notesOf(file, references)]
}

/** A moment before a generalized time such as `20261130083000Z`; the time itself where it is written in another way. */
function before(time: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(time)
  if (parts === null) return time
  const [, year, month, day, hour, minute, second] = parts
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return new Date(instant - overlap).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
}
