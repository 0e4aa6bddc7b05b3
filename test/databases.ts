/**
 * A fresh, empty database for a test, of every kind Sluice runs on.
 *
 *     describeEachDatabase('compare', (open) => {
 *       test('finds what was added', async () => {
 *         await using database = await open()
 *         await database.transaction((session) => session.execute('…'))
 *       })
 *     })
 *
 * On a server each one is a schema of its own, dropped with what it holds; for PGlite it is a
 * copy of a folder that was initialised once, emptied and used again by the next test of the file
 * (opening one takes half a second). Nothing is in it: run the migrations, or open a repository at
 * `testLocation(kind)`, a place of its own that is disposed in the same way.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepositoryLocation } from '@sluice/model'
import { type Database, identifier, openDatabase, openRepository } from '@sluice/repository'
import pg from 'pg'
import { describe, inject } from 'vitest'
import { NewSchema } from './new-schema.ts'
import { kindsOf } from './thoroughness.ts'

/** `postgres-15` is missing where Debian's server is not installed. */
export type DatabaseKind = 'pglite' | ServerKind
type ServerKind = 'postgres-15' | 'postgres-18'

export const databases: readonly DatabaseKind[] = [
  'pglite',
  ...(inject('servers')['15'] ? (['postgres-15'] as const) : []),
  'postgres-18',
]

/** Runs `define` for each kind of database that is tried now, in a `describe` named after both. */
export function describeEachDatabase(
  name: string,
  define: (open: () => Promise<Database>, kind: DatabaseKind) => void,
): void {
  describe.each(kindsOf(name, databases))(`${name} on %s`, (kind) =>
    define(() => openTestDatabase(kind), kind),
  )
}

/**
 * A place for a repository that nobody else uses; `await using` clears it away. Nothing is in a schema of a server; a
 * folder was migrated.
 */
export async function testLocation(
  kind: DatabaseKind,
): Promise<{ readonly location: RepositoryLocation } & AsyncDisposable> {
  return kind === 'pglite' ? await folderLocation() : await schemaLocation(kind)
}

/**
 * The same with the tables of Sluice already. Who has had it before has left nothing in it; and nobody may use it any more when
 * it is disposed, so for processes that are killed it is not.
 */
export async function migratedLocation(
  kind: DatabaseKind,
): Promise<{ readonly location: RepositoryLocation } & AsyncDisposable> {
  if (kind === 'pglite') return await folderLocation()
  const idle = idlePlaces[kind]
  const place = idle.pop() ?? (await migratedPlace(kind))
  return {
    location: place.location,
    [Symbol.asyncDispose]: async () => {
      await place.schema.make()
      idle.push(place)
    },
  }
}

interface MigratedPlace {
  readonly location: RepositoryLocation
  readonly schema: NewSchema
}

/** Migrated and not in use. They are gone with their server. */
const idlePlaces: Record<ServerKind, MigratedPlace[]> = { 'postgres-15': [], 'postgres-18': [] }

async function migratedPlace(kind: ServerKind): Promise<MigratedPlace> {
  const { location } = await schemaLocation(kind)
  const repository = await openRepository(location)
  return { location, schema: await NewSchema.of(repository.database) }
}

/** A database whose schema exists and is empty. */
export async function openTestDatabase(kind: DatabaseKind): Promise<Database> {
  const opened = kind === 'pglite' ? await takePGlite() : await openServer(kind)
  const schema = identifier(opened.schema)
  await opened.session((session) => session.execute(`create schema ${schema}`))
  return opened
}

async function openServer(kind: ServerKind): Promise<Database> {
  const place = await schemaLocation(kind)
  const database = await openDatabase(place.location)
  return disposedBy(database, async () => {
    await database[Symbol.asyncDispose]()
    await place[Symbol.asyncDispose]()
  })
}

/** Opened and not in use. The threads end with the process, the folders when the servers stop. */
const idle: Database[] = []

async function takePGlite(): Promise<Database> {
  const database = idle.pop() ?? (await openDatabase({ kind: 'folder', path: await copyTemplate() }))
  const schema = identifier(database.schema)
  await database.session((session) =>
    session.execute(`discard temp; drop schema if exists ${schema} cascade`),
  )
  return disposedBy(database, async () => {
    idle.push(database)
  })
}

function disposedBy(database: Database, dispose: () => Promise<void>): Database {
  return {
    kind: database.kind,
    location: database.location,
    schema: database.schema,
    temporaryTables: database.temporaryTables,
    apart: (connections) => database.apart(connections),
    session: (work) => database.session(work),
    transaction: (work) => database.transaction(work),
    exclusively: (name, work) => database.exclusively(name, work),
    share: (name) => database.share(name),
    tryExclusive: (session, name) => database.tryExclusive(session, name),
    isLocked: (name) => database.isLocked(name),
    checkpoint: () => database.checkpoint(),
    [Symbol.asyncDispose]: dispose,
  }
}

async function copyTemplate(): Promise<string> {
  const folder = inject('testFolder')
  const path = await mkdtemp(join(folder, 'repository-'))
  // A thousand small files: each by itself, as the asynchronous one copies them, takes five times as long.
  cpSync(join(folder, 'pglite-template'), path, { recursive: true })
  return path
}

async function folderLocation(): Promise<{ readonly location: RepositoryLocation } & AsyncDisposable> {
  const path = await copyTemplate()
  return {
    location: { kind: 'folder', path },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

async function schemaLocation(
  kind: ServerKind,
): Promise<{ readonly location: RepositoryLocation } & AsyncDisposable> {
  const url = inject('servers')[kind.slice('postgres-'.length)]
  if (url === undefined) throw new Error(`No server ${kind} runs.`)
  const schema = `test_${randomUUID().replaceAll('-', '')}`
  return {
    location: { kind: 'postgres', url, schema },
    [Symbol.asyncDispose]: async () => {
      const client = new pg.Client(url)
      await client.connect()
      await client.query(`drop schema if exists ${identifier(schema)} cascade`)
      await client.end()
    },
  }
}
