/**
 * A database that dies at the n-th statement and stays dead, as a killed process does for the work it had
 * in hand.
 *
 * @module
 */
import type { Database, Repository, Session } from '@sluice/repository'

export class Lightning extends Error {}

/** The repository as a process sees it that is killed before its `n`-th statement. */
export function struckBefore(repository: Repository, n: number): Repository {
  let statements = 0
  const alive = <T>(work: () => Promise<T>): Promise<T> => {
    statements += 1
    return statements >= n ? Promise.reject(new Lightning()) : work()
  }
  const mortal = (session: Session): Session => ({
    query: (text, values) => alive(() => session.query(text, values)),
    execute: (text) => alive(() => session.execute(text)),
    copyFrom: (target, path, options, onBytes) =>
      alive(() => session.copyFrom(target, path, options, onBytes)),
  })
  const { database } = repository
  const doomed: Database = {
    kind: database.kind,
    location: database.location,
    schema: database.schema,
    session: (work) => database.session((session) => work(mortal(session))),
    transaction: (work) => database.transaction((session) => work(mortal(session))),
    exclusively: (name, work) => database.exclusively(name, work),
    isHeld: (name) => database.isHeld(name),
    checkpoint: () => database.checkpoint(),
    [Symbol.asyncDispose]: async () => undefined,
  }
  return { ...repository, database: doomed }
}
