/**
 * What can go wrong between Sluice and a database, in words an operator can act on.
 *
 * @module
 */
import { AnsweredError, SluiceError } from '@sluice/model'

/**
 * SLUICE-REPOSITORY-01: the PostgreSQL server could not be reached, or refused the login.
 *
 * Check that the server runs, that host, port, database and user of `repository.url` are right, and
 * that the password is the one the server knows. The message never shows the password.
 */
export class ConnectionError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-01'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, cause: unknown) {
    super(`No connection to the repository ${location}: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Check that the server runs and that host, port, database, user and password are right.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-02: the connection to the database was lost in the middle of work.
 *
 * The server was stopped or restarted, or the network failed. What was not committed is undone by
 * the server; run the same command again.
 */
export class ConnectionLostError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-02'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, cause?: unknown) {
    super(`The connection to the repository ${location} was lost: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Nothing of the work at hand was kept. Run the command again when the server is back.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-03: the PostgreSQL server is too old.
 *
 * Sluice needs PostgreSQL 15 or newer. Upgrade the server, or leave `repository.url` away to use
 * the embedded database.
 */
export class ServerTooOldError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-03'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, version: string) {
    super(`The server of the repository ${location} is PostgreSQL ${version}; Sluice needs 15 or newer.`, {
      remedy: 'Upgrade the server, or use the embedded repository in a folder.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-04: another process works on the repository folder.
 *
 * A folder can be opened by one process at a time, because two would destroy it. Wait for the
 * other one, or end it; a process that was killed leaves no lock behind. For several processes at
 * once use PostgreSQL.
 */
export class FolderInUseError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-04'
  readonly blame = 'usage'
  readonly retry = true

  constructor(
    folder: string,
    holder: {
      readonly pid: number
      readonly host: string
      readonly command: string
      readonly startedAt: string
    },
    here: string,
  ) {
    const where = holder.host === here ? '' : ` on ${holder.host}`
    super(
      `The repository ${folder} is in use by process ${holder.pid}${where} (${holder.command}) since ${holder.startedAt}.`,
      {
        remedy:
          where === ''
            ? 'Wait until it is done, or stop it. For several processes at once use PostgreSQL.'
            : `Wait until it is done. If ${holder.host} is gone for good, delete the file "lock.*" in the folder.`,
        details: { folder, ...holder },
      },
    )
  }
}

/**
 * SLUICE-REPOSITORY-05: the repository folder cannot be used.
 *
 * It is not a folder, cannot be written, is full, or was written by another major version of the
 * embedded database. The message says which.
 */
export class FolderError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-05'
  readonly blame = 'repository'
  readonly retry = false

  constructor(folder: string, reason: string, options: { cause?: unknown; remedy: string }) {
    super(`The repository folder ${folder} cannot be used: ${reason}.`, options)
  }
}

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
    super(`The database user may not work on the repository ${location}: ${reasonOf(cause)}.`, {
      cause,
      remedy: `Let the user own the schema: alter schema "${schema}" owner to …, or grant create on database … to ….`,
    })
  }
}

/**
 * SLUICE-REPOSITORY-08: the repository was written by a newer Sluice than this one.
 *
 * Its tables may mean things this program does not know, so it leaves them alone. Use the newer
 * Sluice.
 */
export class RepositoryTooNewError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-08'
  readonly blame = 'usage'
  readonly retry = false

  constructor(location: string, found: number, known: number) {
    super(`The repository ${location} is of version ${found}, this Sluice knows versions up to ${known}.`, {
      remedy: 'Use the Sluice that wrote it, or a newer one.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-19: something is larger than PostgreSQL can hold.
 *
 * A row has at most 1,600 columns and about 8 kB, to which a long text adds 18 bytes; rows that come from a file are measured
 * before, so this is about a row that several sources fill together, or a text of a gigabyte. Map fewer columns, or
 * divide the entity type in two.
 */
export class BeyondLimitError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-19'
  readonly blame = 'source'
  readonly status = 422
  readonly retry = false

  constructor(location: string, cause: unknown) {
    super(`The repository ${location} cannot hold what it should: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Map fewer columns, or divide the entity type in two.',
    })
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
  readonly cause?: unknown
}

/** The error to throw for what a server reported. */
export function errorOfStatement(
  failure: StatementFailure,
  database: { readonly location: string; readonly schema: string },
): Error {
  const sqlState = failure.code ?? ''
  if (/^(54000|54011)$/.test(sqlState))
    return new BeyondLimitError(database.location, failure.cause ?? failure)
  if (/^(53|58)/.test(sqlState)) return new OutOfResourcesError(database.location, failure.cause ?? failure)
  if (/^(57P0|08)/.test(sqlState)) return new ConnectionLostError(database.location, failure.cause ?? failure)
  if (sqlState === '42501')
    return new PermissionError(database.location, database.schema, failure.cause ?? failure)
  return new StatementError(failure)
}

/** One line about a cause, without a full stop at its end. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  if (typeof cause === 'object' && cause !== null && 'message' in cause) {
    return String(cause.message)
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\.$/, '')
  }
  return cause === undefined ? 'the server went away' : String(cause)
}
