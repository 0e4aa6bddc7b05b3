/**
 * Brings the tables of Sluice itself to the version this program knows.
 *
 * Migrations are numbered SQL files, run once each and forward only, one transaction each. The row
 * that records one is written first, under a lock, so that of two programs starting at once one
 * does the work and the other finds it done. A released file never changes: `released.json` holds
 * their sums and a test compares them.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Database } from '../database/database.ts'
import { RepositoryTooNewError } from '../database/errors.ts'
import { identifier } from '../layout/layout.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

export function readMigrations(): readonly Migration[] {
  return readdirSync(new URL('.', import.meta.url))
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file,
      sql: readFileSync(new URL(file, import.meta.url), 'utf8'),
    }))
}

/** Also makes the schema when it is missing. Does nothing, and writes nothing, when all is done. */
export async function migrate(database: Database, migrations = readMigrations()): Promise<void> {
  const newest = Math.max(...migrations.map(({ version }) => version))
  const found = await versionOf(database)
  if (found > newest) throw new RepositoryTooNewError(database.location, found, newest)
  if (found === newest) return
  await createSchema(database)
  for (const migration of migrations) await run(database, migration)
}

/** 0 where nothing was ever migrated. */
async function versionOf(database: Database): Promise<number> {
  return await database.session(async (session) => {
    const known = await session.query(
      `select 1 from information_schema.tables where table_schema = $1 and table_name = 'sluice_migration'`,
      [database.schema],
    )
    if (known.count === 0) return 0
    const { rows } = await session.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from sluice_migration',
    )
    return rows[0]?.version ?? 0
  })
}

async function createSchema(database: Database): Promise<void> {
  await database.transaction(async (session) => {
    await lock(session, database.schema)
    const schemas = await session.query('select 1 from pg_namespace where nspname = $1', [database.schema])
    if (schemas.count === 0) await session.execute(`create schema ${identifier(database.schema)}`)
    await session.execute(`create table if not exists sluice_migration (
      version integer primary key,
      name text not null,
      migrated_at timestamptz not null default now()
    )`)
  })
}

async function run(database: Database, migration: Migration): Promise<void> {
  await database.transaction(async (session) => {
    await lock(session, database.schema)
    const recorded = await session.query(
      'insert into sluice_migration (version, name) values ($1, $2) on conflict do nothing',
      [migration.version, migration.name],
    )
    if (recorded.count === 1) await session.execute(migration.sql)
  })
}

/** Held to the end of the transaction. */
async function lock(
  session: { query(text: string, values: readonly unknown[]): Promise<unknown> },
  schema: string,
): Promise<void> {
  await session.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`sluice schema ${schema}`])
}
