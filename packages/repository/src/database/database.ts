/**
 * The port between Sluice and a database: PostgreSQL by URL, or PGlite in a folder.
 *
 * Everything above it writes one dialect, that of PostgreSQL 15, and does not know which of the two
 * it talks to. COPY is a method of its own because the two load files in different ways.
 *
 * @module
 */

export type Row = Readonly<Record<string, unknown>>

export interface QueryResult<R> {
  readonly rows: readonly R[]
  /** Rows returned or changed. */
  readonly count: number
}

export interface CopyOptions {
  /** Called with the bytes that are read, while they grow. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Bytes that a record of the file may have; as many as the database holds when absent. */
  readonly longestRecord?: number | undefined
}

export interface Copied {
  readonly rows: number
  /** Of the bytes that were loaded, in hexadecimal digits: the file may be another one by now. */
  readonly sha256: string
}

export interface QueryOptions {
  /**
   * The statement comes again and again in the same text: a server that keeps sessions apart parses and plans it once for each connection. What types
   * it then has stay: no column that it returns, and no value that is not cast, may have its type from a column of a model, which may become another.
   */
  readonly prepared?: boolean | undefined
}

/**
 * One connection, in a transaction or not.
 *
 * Values come back as: bigint and numeric → string, integer → number, boolean → boolean, date →
 * 'YYYY-MM-DD', timestamptz → ISO 8601 in UTC with a `Z`, json → parsed, bytea → Buffer, arrays of these.
 */
export interface Session {
  query<R extends object = Row>(
    text: string,
    values?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>>
  /** Runs several statements without parameters. */
  execute(text: string): Promise<void>
  /**
   * Runs `COPY … FROM` on a local CSV file and returns what was loaded. Throws `NotAFileError` for a link or a folder,
   * `RecordTooLongError` for a record that is longer than it may be. `target` is what stands between `COPY` and `FROM`,
   * `format` what stands in `WITH (…)`.
   */
  copyFrom(target: string, path: string, format: string, options?: CopyOptions): Promise<Copied>
}

export interface Database extends AsyncDisposable {
  readonly kind: 'postgres' | 'pglite'
  /** As a URL without its password, or the folder's path; for messages. */
  readonly location: string
  /** The schema that holds this repository; `search_path` is set to it on every session. */
  readonly schema: string
  /** Temporary tables may be made, which somebody may have forbidden. */
  readonly temporaryTables: boolean
  /**
   * The same database through at most so many connections of their own: who needs one of these waits for nobody who has one of the others.
   * It is closed with this one. On PGlite, which has one session, it is this one itself.
   */
  apart(connections: number): Database
  /** Runs `work` on a session of its own; on PGlite one session comes after the other. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** As `session`, between `begin` and `commit`; rolls back when `work` throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>
  /**
   * Takes the lock `name` (per repository) while `work` runs and returns `undefined` at once when
   * somebody else has it. The lock goes with the process, however it ends.
   */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T } | undefined>
  /**
   * Shares the lock `name` with whoever else shares it until it is disposed, so that `tryExclusive` is refused meanwhile. Where its
   * connection is lost it is taken again. On PGlite it does nothing: nobody else is there.
   */
  share(name: string): Promise<AsyncDisposable>
  /** Takes the lock `name` to the end of the transaction; `false` at once when anybody else has or shares it. */
  tryExclusive(session: Session, name: string): Promise<boolean>
  /** Says whether anybody has the lock `name` of `exclusively`. */
  isLocked(name: string): Promise<boolean>
  /** Makes what was committed survive a power cut where the database does not see to it itself (PGlite). */
  checkpoint(): Promise<void>
}
