/**
 * Up to where the changes of a table were read.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'

const cookieSchema = z.strictObject({ version: z.literal(1), search: z.string(), since: z.string() })

const nameOf = (table: string) => `${table}.changed`

/** `undefined`: none was kept, or it is of another select, where it means nothing. */
export async function readMark(context: ExportContext, table: string, search: string) {
  const text = await context.readCookie(nameOf(table))
  if (text === undefined) return undefined
  const parsed = cookieSchema.safeParse(JSON.parse(text))
  return parsed.success && parsed.data.search === search ? parsed.data.since : undefined
}

export async function writeMark(
  context: ExportContext,
  table: string,
  { search, since }: { readonly search: string; readonly since: string },
): Promise<void> {
  await context.writeCookie(nameOf(table), JSON.stringify({ version: 1, search, since }))
}

const time = /^(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(\.\d+)?(.*)$/

/** So many milliseconds before a time as databases write it, in the same form; what is none stays as it is. */
export function earlier(text: string, milliseconds: number): string {
  const [, date, between = ' ', clock, , zone = ''] = time.exec(text) ?? []
  const instant = Date.parse(`${date}T${clock}Z`)
  if (Number.isNaN(instant)) return text
  const [day = '', rest = ''] = new Date(instant - milliseconds).toISOString().split('T')
  return `${day}${between}${rest.slice(0, 8)}${zone}`
}
