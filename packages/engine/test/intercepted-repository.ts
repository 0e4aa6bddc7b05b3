/**
 * A repository of which every statement is intercepted before it runs.
 *
 * @module
 */
import { type Repository, type Session, throughSessions } from '@sluice/repository'

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
    copyFrom: async (target, path, format, options) => {
      await before(`copy ${target}`)
      return await session.copyFrom(target, path, format, options)
    },
  })
  const database = throughSessions(repository.database, interceptedSession)
  // Whoever opened the repository closes it.
  return { ...repository, database: { ...database, [Symbol.asyncDispose]: async () => undefined } }
}
