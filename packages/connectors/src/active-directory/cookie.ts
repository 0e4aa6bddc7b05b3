/**
 * What is remembered between two exports: a cookie for each naming context, and which entries each table held.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import type { Domain } from './domain.ts'
import { idOf } from './entry-id.ts'
import type { WantedTable } from './tables.ts'

const name = 'dirsync'

const cookieSchema = z.strictObject({
  version: z.literal(1),
  /** When it was made, in ISO 8601. */
  at: z.iso.datetime(),
  /** Base64, by the id of the naming context. */
  contexts: z.record(z.string(), z.string()),
  /** The ids of a table stand one behind the other, 32 hexadecimal digits each. */
  tables: z.record(z.string(), z.strictObject({ search: z.string(), ids: z.string() })),
})

export interface Remembered {
  readonly at: Date
  readonly cookies: ReadonlyMap<string, Buffer>
  /** By table: ids of the entries that were there. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>
}

/** `undefined`: there is none, or it is of another search. */
export async function readRemembered(
  context: ExportContext,
  tables: readonly WantedTable[],
): Promise<Remembered | undefined> {
  const text = await context.readCookie(name)
  if (text === undefined) return undefined
  const parsed = cookieSchema.safeParse(JSON.parse(text))
  if (!parsed.success) return undefined
  const { at, contexts, tables: former } = parsed.data
  if (tables.some((table) => former[table.name]?.search !== table.search)) return undefined
  return {
    at: new Date(at),
    cookies: new Map(Object.entries(contexts).map(([id, cookie]) => [id, Buffer.from(cookie, 'base64')])),
    ids: new Map(Object.entries(former).map(([table, { ids }]) => [table, new Set(ids.match(/.{32}/g))])),
  }
}

export async function remember(
  context: ExportContext,
  tables: readonly WantedTable[],
  { at, cookies, ids }: Remembered,
): Promise<void> {
  const written = {
    version: 1,
    at: at.toISOString(),
    contexts: Object.fromEntries([...cookies].map(([id, cookie]) => [id, cookie.toString('base64')])),
    tables: Object.fromEntries(
      tables.map((table) => [
        table.name,
        { search: table.search, ids: [...(ids.get(table.name) ?? [])].join('') },
      ]),
    ),
  }
  await context.writeCookie(name, JSON.stringify(written))
}

/** Of a naming context: it is not that of a domain that was made anew under the same name. */
export async function contextId({ connection }: Domain, context: string): Promise<string> {
  const search = connection.search({
    base: context,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['objectGUID'],
  })
  let id: string | undefined
  for await (const found of search) if (found.kind === 'entry') id = idOf(found)
  return id ?? context.toLowerCase()
}

const usualDays = 60
const day = 86_400_000

/** Milliseconds after which a server forgets what was deleted. */
export async function memoryOf({ connection, root }: Domain): Promise<number> {
  const configuration = root.one('configurationnamingcontext')
  const search = connection.search({
    base: `CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['tombstoneLifetime'],
  })
  let days = usualDays
  for await (const found of search)
    if (found.kind === 'entry')
      days = Number(found.attributes.get('tombstonelifetime')?.[0]?.toString('utf8') ?? usualDays)
  return days * day
}
