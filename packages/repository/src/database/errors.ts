/**
 * What can go wrong between Sluice and a database, in words an operator can act on.
 *
 * @module
 */
import { AnsweredError, type DatabaseUrlProblem, SluiceError } from '@sluice/model'

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
    super(`Cannot connect to the repository ${location}: ${reasonOf(cause)}.`, {
      cause,
      remedy: 'Check that the server runs and that host, port, database, user and password are right.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-33: all connections to the database have been in use for so long that the question was given up.
 *
 * More is asked of this process than it can answer. Ask again a little later; nothing was changed.
 */
export class ConnectionsBusyError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-33'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string, connections: number, cause: unknown) {
    super(
      `No connection to the repository ${location} became free in time; ${connections} are used at once at most.`,
      { cause, remedy: 'Ask again a little later, ask for less (limit), or ask fewer questions at once.' },
    )
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
      remedy: 'Nothing of this command was stored. Run it again when the server is back.',
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
 * SLUICE-REPOSITORY-04: another process uses the repository folder.
 *
 * A folder can be opened by one process at a time, because two would damage it. Wait for the other one, or end it. A process that was
 * killed, on this machine or another one, loses its lock by itself, at the latest
 * after 20 seconds without a sign of life. For several processes at once use PostgreSQL.
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
      /** Path of its file. */
      readonly lock: string
    },
    here: string,
  ) {
    const where = holder.host === here ? '' : ` on ${holder.host}`
    super(
      `The repository ${folder} is in use by process ${holder.pid}${where} (${holder.command}) since ${holder.startedAt}.`,
      {
        remedy: 'Wait until it is done, or stop it. For several processes at once use PostgreSQL.',
        details: { folder, lock: holder.lock, pid: holder.pid, host: holder.host },
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
 * SLUICE-REPOSITORY-08: the repository was written by a newer Sluice than this one.
 *
 * Its tables may have a meaning that this version does not know, so it does not open them. Use the newer version.
 */
export class RepositoryTooNewError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-08'
  readonly blame = 'usage'
  readonly retry = false

  constructor(location: string, found: number, known: number) {
    super(`The repository ${location} has version ${found}, this Sluice knows versions up to ${known}.`, {
      remedy: 'Use the version of Sluice that wrote it, or a newer one.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-17: the database is not encoded as UTF-8.
 *
 * It could not hold every name a source brings. The encoding of a database is chosen when it is made and cannot be changed: make
 * another one, and name that in `repository.url`.
 */
export class DatabaseEncodingError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-17'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = false

  constructor(location: string, encoding: string) {
    super(`The database of the repository ${location} is encoded as ${encoding}; Sluice needs UTF8.`, {
      remedy: "Create one with UTF8: create database … encoding 'UTF8' template template0.",
      details: { encoding },
    })
  }
}

/**
 * SLUICE-REPOSITORY-18: a connection pooler in front of the database does not keep one session for each client.
 *
 * Locks and settings belong to a session of PostgreSQL. A pooler that lends the same one to several clients (PgBouncer with
 * `pool_mode = transaction` or `statement`) lets locks leak from one to the other, and rows into the schema of another
 * repository. Nothing was read or written. Let `repository.url` name the server itself, or a pool with `pool_mode = session` and
 * `server_reset_query = DISCARD ALL`.
 */
export class PoolerError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-18'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  /** @param found What gave it away: `statements of one connection reach different sessions`. */
  constructor(location: string, found: string) {
    super(
      `At ${location} there is a connection pooler that does not keep one session for each client: ${found}.`,
      {
        remedy:
          'Let repository.url name PostgreSQL itself, or a pool with pool_mode = session and server_reset_query = DISCARD ALL (PgBouncer).',
      },
    )
  }
}

/**
 * SLUICE-REPOSITORY-27: a server of the repository cannot be written, because it follows another one.
 *
 * `repository.url` asks for one that can (`target_session_attrs=read-write` or `primary`, or several hosts). After a failover the next try
 * finds the new primary, if its host is named.
 */
export class StandbyError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-27'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(location: string) {
    super(`The server of the repository ${location} is a standby and cannot be written.`, {
      remedy: 'Name the primary too: postgresql://user@one,two/database.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-28: a file of certificates cannot be read that `repository.url` names.
 *
 * `sslrootcert`, `sslcert` and `sslkey` are paths of PEM files.
 */
export class CertificateFileError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-28'
  readonly blame = 'usage'
  readonly retry = false

  /** @param parameter Of the URL: `sslrootcert`. */
  constructor(location: string, parameter: string, cause: unknown) {
    super(
      `The file that "${parameter}" names for the repository ${location} cannot be read: ${reasonOf(cause)}.`,
      {
        cause,
        remedy: 'Give the path of a PEM file that this user may read.',
      },
    )
  }
}

/** SLUICE-REPOSITORY-29: `repository.url` is no URL of a PostgreSQL server, or asks for something that Sluice does not know. */
export class DatabaseUrlError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-29'
  readonly blame = 'usage'
  readonly retry = false

  constructor({ problem, remedy }: DatabaseUrlProblem) {
    super(problem, { remedy })
  }
}

/** One line about a cause, without a full stop at its end. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  if (typeof cause === 'object' && cause !== null && 'message' in cause) {
    return String(cause.message)
      .replace(/\s*\n\s*/g, ' ')
      .replace(/\.$/, '')
  }
  return cause === undefined ? 'the server went away' : String(cause)
}
