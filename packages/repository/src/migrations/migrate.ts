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
import type { Database, Session } from '../database/database.ts'
import { RepositoryTooNewError } from '../database/errors.ts'
import { lockTables } from '../database/lock-tables.ts'
import { exists, one, run } from '../database/run-statement.ts'
import { type Statement, sql, statement } from '../sql/statement.ts'

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
  const { schema } = database
  const found = await database.session((session) => versionIn(session, schema))
  if (found > newest) throw new RepositoryTooNewError(database.location, found, newest)
  if (found === newest) return
  await database.transaction((session) => createSchemaIn(session, schema))
  for (const migration of migrations)
    await database.transaction((session) => runMigrationIn(session, schema, migration))
}

/** 0 where nothing was ever migrated. */
async function versionIn(session: Session, schema: string): Promise<number> {
  if (!(await exists(session, tableOfMigrations(schema)))) return 0
  return (await one(session, newestMigration)).version
}

function tableOfMigrations(schema: string): Statement {
  return statement(
    'migrations/find-table',
    sql`select from information_schema.tables
    where table_schema = ${sql.value(schema)} and table_name = 'sluice_migration'`,
  )
}

const newestMigration = statement<{ version: number }>(
  'migrations/find-newest',
  sql`select coalesce(max(version), 0)::int as version from sluice_migration`,
)

/** All of it in a transaction that somebody else ends. */
export async function migrateWithin(
  { location, schema }: Pick<Database, 'location' | 'schema'>,
  session: Session,
  migrations = readMigrations(),
): Promise<void> {
  const newest = Math.max(...migrations.map(({ version }) => version))
  const found = await versionIn(session, schema)
  if (found > newest) throw new RepositoryTooNewError(location, found, newest)
  if (found === newest) return
  await createSchemaIn(session, schema)
  for (const migration of migrations) await runMigrationIn(session, schema, migration)
}

async function createSchemaIn(session: Session, schema: string): Promise<void> {
  await run(session, lockTables(schema))
  // Asked first: a role that may not create schemas may still be given one.
  const found = statement(
    'migrations/find-schema',
    sql`select from pg_namespace where nspname = ${sql.value(schema)}`,
  )
  if (!(await exists(session, found))) {
    await run(session, statement('migrations/create-schema', sql`create schema ${sql.identifier(schema)}`))
  }
  await run(session, createTableOfMigrations)
}

const createTableOfMigrations = statement(
  'migrations/create-table',
  sql`create table if not exists sluice_migration (
    version integer primary key,
    name text not null,
    migrated_at timestamptz not null default now()
  )`,
)

async function runMigrationIn(session: Session, schema: string, migration: Migration): Promise<void> {
  await run(session, lockTables(schema))
  const { count } = await run(session, record(migration))
  // The file is several statements, as it was released.
  if (count === 1) await session.execute(migration.sql)
}

/** Writes nothing where the migration is recorded already. */
function record({ version, name }: Migration): Statement {
  return statement(
    'migrations/record',
    sql`insert into sluice_migration (version, name)
    values (${sql.literal(version)}, ${sql.value(name)}) on conflict do nothing`,
  )
}
