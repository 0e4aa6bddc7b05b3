/**
 * What a statement that failed becomes: an error whose `retry` follows from what the SQLSTATE means.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'
import { ConnectionLostError, reasonOf } from './errors.ts'
import { kindOf } from './sql-state.ts'

/**
 * SLUICE-REPOSITORY-06: the database has no room or no memory for the work.
 *
 * Free space on the server's (or the folder's) disk, or give the server more memory. Nothing of
 * the work was kept; run the same command again.
 */
export class OutOfResourcesError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-06'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, cause: unknown) {
    super(`The repository ${location} is out of resources: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Free disk space or memory where the repository lives, then run the command again.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-07: the database user may not do what Sluice has to do.
 *
 * Grant the user of `repository.url` the right named in the message; it needs to own the schema of
 * the repository, or to be allowed to create it.
 */
export class PermissionError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-07'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, schema: string, cause: unknown) {
    super(`The database user lacks a right on the repository ${location}: ${reasonOf(cause)}.`, {
      cause,
      remedy: `Let the user own the schema: alter schema "${schema}" owner to …, or grant create on database … to ….`,
    })
  }
}

/**
 * SLUICE-REPOSITORY-14: the database cancelled the work.
 *
 * Another transaction held what it needed, a time limit was reached, or somebody cancelled it. This is temporary: a server tries again by
 * itself; otherwise run the same command again.
 */
export class DatabaseBusyError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-14'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true
  readonly sqlState: string

  constructor(location: string, failure: StatementFailure) {
    const { code = '' } = failure
    super(`The repository ${location} cancelled the work: ${reasonOf(failure.cause ?? failure)} (${code}).`, {
      cause: failure.cause,
      remedy: 'Nothing of this command was stored. Run it again.',
    })
    this.sqlState = code
  }
}

/**
 * SLUICE-REPOSITORY-15: the database is read-only.
 *
 * `repository.url` names a standby, or the database was set to read-only. Name the primary, or make the database writable again; waiting
 * deliveries are then applied.
 */
export class ReadOnlyDatabaseError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-15'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, cause: unknown) {
    super(`The repository ${location} can only be read: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Let repository.url name the primary server, and check that it accepts writes.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-16: the database reports an internal error.
 *
 * A file or a page of it cannot be read or written, or is damaged. Look at the log of the PostgreSQL server and repair it there; waiting
 * deliveries are tried again.
 */
export class DatabaseFaultError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-16'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, { code = '', ...failure }: StatementFailure) {
    super(
      `The database of the repository ${location} reports an internal error: ${reasonOf(failure.cause ?? failure)} (${code}).`,
      {
        cause: failure.cause,
        remedy: 'Look at the log of the PostgreSQL server. Waiting deliveries are tried again.',
      },
    )
  }
}

/**
 * SLUICE-REPOSITORY-21: a row or a value is larger than PostgreSQL can store.
 *
 * A row has at most 1,600 columns and about 8 kB, to which a long text adds 18 bytes; rows that come from a file are measured
 * before, so this is about a row that several sources fill together, or a text of a gigabyte. Map fewer columns, or split the entity type
 * into two.
 */
export class BeyondLimitError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-21'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(location: string, cause: unknown) {
    super(`The repository ${location} cannot store a row or a value: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Map fewer columns, or split the entity type into two.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-31: a constraint, a trigger or a rule of the database refuses what Sluice writes.
 *
 * Sluice makes none that its own writing breaks, so somebody has added one to a table of the repository, or rows that it does not know. Nothing was
 * stored. Remove it, or let the source deliver what it permits; if nobody has added any, report it.
 */
export class RefusedByDatabaseError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-31'
  readonly blame = 'repository'
  readonly status = 422
  readonly retry = false
  readonly failure: StatementFailure

  constructor(location: string, failure: StatementFailure) {
    const { code = '', constraint } = failure
    super(
      `A rule of the database of the repository ${location} refuses what is written: ${reasonOf(failure.cause ?? failure)} (${code}).`,
      {
        cause: failure.cause,
        remedy:
          'Remove the constraint or the trigger that somebody has added there, or let the source deliver what it permits.',
        // Not what PostgreSQL calls the detail: that quotes the row.
        details: { sqlState: code, constraint: constraint ?? null },
      },
    )
    this.failure = failure
  }
}

/**
 * SLUICE-REPOSITORY-32: a table, a column or a setting of the repository is not as Sluice left it.
 *
 * Somebody has dropped, renamed or altered it, or put it under replication or an extension that needs more of it; the message says what
 * PostgreSQL misses. Nothing was stored, and waiting deliveries are tried again. Undo it, or restore the repository from its backup; if nobody
 * has altered any, report it.
 */
export class AlteredRepositoryError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-32'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true
  readonly failure: StatementFailure

  constructor(location: string, failure: StatementFailure) {
    const { code = '' } = failure
    super(
      `The database of the repository ${location} is not as Sluice left it: ${reasonOf(failure.cause ?? failure)} (${code}).`,
      {
        cause: failure.cause,
        remedy:
          'Undo what was altered in the schema of the repository, or restore its backup. Waiting deliveries are tried again.',
        details: { sqlState: code },
      },
    )
    this.failure = failure
  }
}

/** A statement failed in a way no operator caused; `code` is the SQLSTATE. Both adapters throw it alike. */
export class StatementError extends Error {
  readonly code: string | undefined
  readonly detail: string | undefined
  readonly constraint: string | undefined
  readonly where: string | undefined

  constructor(facts: StatementFailure) {
    super(facts.message, facts.cause === undefined ? {} : { cause: facts.cause })
    this.name = 'StatementError'
    this.code = facts.code
    this.detail = facts.detail
    this.constraint = facts.constraint
    this.where = facts.where
  }
}

/** What a server says about a failed statement. */
export interface StatementFailure {
  readonly message: string
  readonly code?: string | undefined
  readonly detail?: string | undefined
  readonly constraint?: string | undefined
  readonly where?: string | undefined
  /** The server ended the connection with it. */
  readonly ended?: boolean | undefined
  readonly cause?: unknown
}

/** What the server said of a statement that failed for what it found or what it would have written; `undefined` of every other error. */
export function statementFailureOf(error: unknown): StatementFailure | undefined {
  if (error instanceof StatementError) return error
  return error instanceof RefusedByDatabaseError || error instanceof AlteredRepositoryError
    ? error.failure
    : undefined
}

/** The error to throw for what a server reported. */
export function errorOfStatement(
  failure: StatementFailure,
  { location, schema }: { readonly location: string; readonly schema: string },
): Error {
  const cause = failure.cause ?? failure
  switch (kindOf(failure.code ?? '')) {
    case 'connection':
      return new ConnectionLostError(location, cause)
    case 'busy':
      return new DatabaseBusyError(location, failure)
    case 'resources':
      return new OutOfResourcesError(location, cause)
    case 'permission':
      return new PermissionError(location, schema, cause)
    case 'read-only':
      return new ReadOnlyDatabaseError(location, cause)
    case 'fault':
      return new DatabaseFaultError(location, failure)
    case 'limit':
      return new BeyondLimitError(location, cause)
    case 'refused':
      return failure.ended === true
        ? new ConnectionLostError(location, cause)
        : new RefusedByDatabaseError(location, failure)
    case 'altered':
      return new AlteredRepositoryError(location, failure)
    case 'statement':
      // Whatever its reason, a server that ends the connection with it may do better with the next.
      return failure.ended === true ? new ConnectionLostError(location, cause) : new StatementError(failure)
  }
}
