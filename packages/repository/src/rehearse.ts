/**
 * A repository in which everything is rolled back: for a plan, which shall say what would happen and leave nothing behind.
 *
 * Each session is a transaction of its own. Where the tables do not follow the model yet, they do so in it, and not afterwards. That
 * locks them for its time, so whoever plans does what takes long outside of sessions.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TemporaryFolder } from '@sluice/files'
import type { Configuration, RepositoryLocation } from '@sluice/model'
import type { Database, Session } from './database/database.ts'
import { openDatabase } from './database/open-database.ts'
import { loggedDatabase, type OnStatement } from './database/statement-log.ts'
import { readDefinitions, type StoredDefinitions } from './definitions/definition-store.ts'
import { evolveWithin, modelOf, renamesOf } from './evolve/evolve.ts'
import { migrateWithin } from './migrations/migrate.ts'

/**
 * Opens the database of a location and rehearses in it; disposing it closes the database. `configure`: the configuration that counts,
 * with the sources that are defined in the repository.
 */
export async function openRehearsal(
  location: RepositoryLocation,
  configure: (stored: StoredDefinitions) => Promise<Configuration>,
  { onStatement }: { readonly onStatement?: OnStatement | undefined } = {},
): Promise<{ readonly database: Database; readonly configuration: Configuration }> {
  const place = await placeOf(location)
  try {
    const opened = await openDatabase(place.location)
    const logged = onStatement === undefined ? opened : loggedDatabase(opened, onStatement)
    try {
      const configuration = await configure(await logged.session(readDefinitions))
      const database = rehearsedDatabase(logged, configuration, async () => {
        await logged[Symbol.asyncDispose]()
        await place[Symbol.asyncDispose]()
      })
      return { database, configuration }
    } catch (error) {
      await logged[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    await place[Symbol.asyncDispose]()
    throw error
  }
}

/** The location itself; in place of a folder that holds no repository yet, one that is gone afterwards. */
async function placeOf(
  location: RepositoryLocation,
): Promise<{ readonly location: RepositoryLocation } & AsyncDisposable> {
  const there = location.kind === 'postgres' || existsSync(join(location.path, 'data', 'PG_VERSION'))
  if (there) return { location, [Symbol.asyncDispose]: async () => undefined }
  const folder = new TemporaryFolder('sluice-plan-')
  return {
    location: { kind: 'folder', path: await folder.path() },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

/** Carries what was found out of a transaction that must not be committed. */
class RolledBack<T> {
  readonly result: T
  constructor(result: T) {
    this.result = result
  }
}

function rehearsedDatabase(
  database: Database,
  configuration: Configuration,
  dispose: () => Promise<void>,
): Database {
  const model = modelOf(configuration)
  const renames = renamesOf(configuration)
  const rehearse = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    try {
      return await database.transaction(async (session): Promise<never> => {
        await migrateWithin(database, session)
        const anybody = { schema: database.schema, tryExclusive: async () => true }
        await evolveWithin(anybody, session, model, { renames })
        throw new RolledBack(await work(session))
      })
    } catch (error) {
      if (error instanceof RolledBack) return error.result
      throw error
    }
  }
  const rehearsal: Database = {
    kind: database.kind,
    location: database.location,
    schema: database.schema,
    temporaryTables: database.temporaryTables,
    // What is rehearsed is seen in its own transaction alone.
    apart: () => rehearsal,
    session: rehearse,
    transaction: rehearse,
    exclusively: (name, work) => database.exclusively(name, work),
    share: (name) => database.share(name),
    tryExclusive: (session, name) => database.tryExclusive(session, name),
    isLocked: (name) => database.isLocked(name),
    checkpoint: async () => undefined,
    [Symbol.asyncDispose]: dispose,
  }
  return rehearsal
}
