/**
 * Exports a PostgreSQL database: everything, or what logical replication says was touched.
 *
 * @module
 */
import { z } from 'zod'
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { exportTables } from '../sql/export.ts'
import { fromOf, partsOf } from '../sql/select.ts'
import { openPostgresql, type PostgresqlDatabase } from './database.ts'
import type { PostgresqlOptions } from './options.ts'
import { openReplication, type Replication } from './replication.ts'
import { TouchedRows } from './touched-rows.ts'

const cookieName = 'replication'
const cookieSchema = z.strictObject({
  version: z.literal(1),
  /** What was asked for: of anything else the position says nothing. */
  search: z.string(),
  position: z.string(),
})

export async function exportPostgresql(
  options: PostgresqlOptions,
  context: ExportContext,
): Promise<ConnectorStatement> {
  if (options.replication === undefined) {
    await using database = await openPostgresql(options, context)
    return await exportTables(database, options, context)
  }
  await using replication = await openReplication(options, context)
  const tables = followedTables(options, context)
  await requirePublished(replication, tables)
  const search = JSON.stringify([options.replication, tables.map(({ file, name }) => [file, name])])
  const changes = await touchedSince(replication, tables, await readPosition(context, search))
  const position = changes?.position ?? (await replication.begin())
  await replication.settle(context.signal)
  await using database = await openPostgresql(options, context)
  const statement =
    changes === undefined
      ? await exportTables(database, options, context)
      : await writeChanges({ options, context, database }, tables, changes.rows)
  await context.writeCookie(cookieName, JSON.stringify({ version: 1, search, position }))
  return statement
}

/** A file whose rows are those of a table, and not of a query. */
interface FollowedTable {
  readonly file: string
  readonly columns: readonly string[]
  /** Qualified: `public.people`. */
  readonly name: string
  readonly schema: string
  readonly table: string
}

function followedTables({ tables }: PostgresqlOptions, { wanted }: ExportContext): readonly FollowedTable[] {
  return wanted.flatMap(({ file, columns }): readonly FollowedTable[] => {
    const own = file.replace(/\.csv$/, '')
    const written = tables[own]
    if (written === undefined || written.query !== undefined) return []
    const [table = own, schema = 'public'] = partsOf(written.table ?? own).toReversed()
    return [{ file, columns, name: `${schema}.${table}`, schema, table }]
  })
}

async function requirePublished(replication: Replication, tables: readonly FollowedTable[]): Promise<void> {
  const { published } = await replication.facts()
  const missing = tables.filter(({ name }) => !published.has(name)).map(({ name }) => name)
  if (missing.length === 0) return
  throw new ManagedSystemError(`The publication does not have ${missing.join(', ')}.`, {
    remedy: `Add it in the database: alter publication … add table ${missing[0]}.`,
  })
}

async function readPosition(context: ExportContext, search: string): Promise<string | undefined> {
  if (context.mode !== 'incremental') return undefined
  const text = await context.readCookie(cookieName)
  const parsed = text === undefined ? undefined : cookieSchema.safeParse(JSON.parse(text)).data
  return parsed?.search === search ? parsed.position : undefined
}

interface Touches {
  readonly rows: ReadonlyMap<string, TouchedRows>
  readonly position: string
}

/** `undefined`: everything has to be read. */
async function touchedSince(
  replication: Replication,
  tables: readonly FollowedTable[],
  since: string | undefined,
): Promise<Touches | undefined> {
  const changes = since === undefined ? undefined : await replication.changesSince(since)
  if (changes === undefined) return undefined
  const keys = await replication.keysOf(tables)
  const rows = new Map(tables.map(({ name }) => [name, new TouchedRows(keys.get(name) ?? [])]))
  for await (const { kind, relation, ...touched } of changes.touched) {
    const own = rows.get(`${relation.schema}.${relation.name}`)
    if (own === undefined) continue
    if (kind === 'truncated' || !('tuple' in touched) || !own.add(relation, touched.tuple)) return undefined
  }
  return { rows, position: changes.position }
}

interface Surroundings {
  readonly options: PostgresqlOptions
  readonly context: ExportContext
  readonly database: PostgresqlDatabase
}

/** Files of queries are written whole, and compared. */
async function writeChanges(
  { options, context, database }: Surroundings,
  tables: readonly FollowedTable[],
  touched: Touches['rows'],
): Promise<ConnectorStatement> {
  const followed = new Set(tables.map(({ file }) => file))
  const others = context.wanted.filter(({ file }) => !followed.has(file))
  const statement = await exportTables(database, options, { ...context, wanted: others })
  for (const { file, columns, name, schema, table } of tables) {
    const writer = await context.table(file, ['command', ...columns])
    const from = fromOf(database, table, { table: `"${schema}"."${table}"` })
    await touched.get(name)?.write(database, { from, columns }, writer)
  }
  return statement
}
