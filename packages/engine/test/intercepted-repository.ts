/**
 * A repository of which every statement is intercepted before it runs.
 *
 * @module
 */
import type { Database, Repository, Session } from '@sluice/repository'

/** `before` may do something else first, or throw in the statement's place. */
export function intercepted(repository: Repository, before: (text: string) => Promise<void>): Repository {
  const interceptedSession = (session: Session): Session => ({
    query: async (text, values) => {
      await before(text)
      return await session.query(text, values)
    },
    execute: async (text) => {
      await before(text)
      await session.execute(text)
    },
    copyFrom: async (target, path, options, onBytes) => {
      await before(`copy ${target}`)
      return await session.copyFrom(target, path, options, onBytes)
    },
  })
  const { database } = repository
  const interceptedDatabase: Database = {
    kind: database.kind,
    location: database.location,
    schema: database.schema,
    temporaryTables: database.temporaryTables,
    session: (work) => database.session((session) => work(interceptedSession(session))),
    transaction: (work) => database.transaction((session) => work(interceptedSession(session))),
    exclusively: (name, work) => database.exclusively(name, work),
    isLocked: (name) => database.isLocked(name),
    checkpoint: () => database.checkpoint(),
    [Symbol.asyncDispose]: async () => undefined,
  }
  return { ...repository, database: interceptedDatabase }
}
