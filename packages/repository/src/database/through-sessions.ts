import type { Database, Session } from './database.ts'

/** The same database, of which every session is used `through` another that stands before it. */
export function throughSessions(database: Database, through: (session: Session) => Session): Database {
  return {
    kind: database.kind,
    location: database.location,
    schema: database.schema,
    temporaryTables: database.temporaryTables,
    apart: (connections) => throughSessions(database.apart(connections), through),
    session: (work) => database.session((session) => work(through(session))),
    transaction: (work) => database.transaction((session) => work(through(session))),
    exclusively: (name, work) => database.exclusively(name, work),
    share: (name) => database.share(name),
    tryExclusive: (session, name) => database.tryExclusive(session, name),
    isLocked: (name) => database.isLocked(name),
    checkpoint: () => database.checkpoint(),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
