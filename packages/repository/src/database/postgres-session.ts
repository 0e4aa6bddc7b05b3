/**
 * A connection to PostgreSQL while somebody works with it: statements, COPY from the client's file, and what an error means for the
 * connection.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { SluiceError } from '@sluice/model'
import type pg from 'pg'
import { from as copyFromStream } from 'pg-copy-streams'
import type { Copied, CopyOptions, QueryOptions, QueryResult, Session } from './database.ts'
import { encodeValue } from './encode-value.ts'
import { csvToCopyText, holdsEndMark } from './end-mark.ts'
import { ConnectionLostError } from './errors.ts'
import { openFile } from './open-file.ts'
import { checkSession } from './pooler.ts'
import { preparedName } from './prepared-statements.ts'
import { lineAt, RecordGauge, RecordTooLongError } from './record-gauge.ts'
import { errorOfStatement, type StatementFailure } from './statement-errors.ts'

/** What a session knows of its database. */
export interface SessionOf {
  readonly location: string
  readonly schema: string
  readonly endsAtMark: boolean
}

export class PostgresSession implements Session {
  /** True once the connection must not be used again. */
  broken = false
  readonly #client: pg.PoolClient
  readonly #database: SessionOf

  constructor(client: pg.PoolClient, database: SessionOf) {
    this.#client = client
    this.#database = database
  }

  /** Throws when the connection has lost its session to somebody else. */
  async check(): Promise<void> {
    await this.guarded(() => checkSession(this.#client, this.#database.location))
  }

  async query<R extends object>(
    text: string,
    values: readonly unknown[] = [],
    { prepared = false }: QueryOptions = {},
  ): Promise<QueryResult<R>> {
    const name = prepared ? preparedName(this.#client, text) : undefined
    const query = { text, values: values.map(encodeValue), name }
    const { rows, rowCount } = await this.guarded(() => this.#client.query<R>(query))
    return { rows, count: rowCount ?? 0 }
  }

  async execute(text: string): Promise<void> {
    await this.guarded(() => this.#client.query(text))
  }

  async copyFrom(
    target: string,
    path: string,
    options: string,
    { onBytes, longestRecord }: CopyOptions = {},
  ): Promise<Copied> {
    await using handle = await openFile(path)
    const asText = this.#database.endsAtMark && (await holdsEndMark(path))
    const format = asText ? options.replace('format csv', 'format text') : options
    const copy = copyFromStream(`copy ${target} from stdin with (${format})`)
    const hash = createHash('sha256')
    const gauge = new RecordGauge(longestRecord)
    let bytes = 0
    let unreadable: unknown
    async function* chunks() {
      try {
        const file = handle.createReadStream({ highWaterMark: 256 * 1024, autoClose: false })
        for await (const chunk of file as AsyncIterable<Buffer>) {
          // Summed while the server is at work with what came before.
          hash.update(chunk)
          bytes += chunk.length
          onBytes?.(bytes)
          if (!gauge.take(chunk)) throw new RecordTooLongError(path, await lineAt(path, gauge.start))
          yield chunk
        }
      } catch (error) {
        unreadable = error
        throw error
      }
    }
    try {
      await this.guarded(() => {
        const into = this.#client.query(copy)
        return asText ? pipeline(chunks, csvToCopyText(), into) : pipeline(chunks, into)
      })
    } catch (error) {
      // Where the file was in the way, and not the connection: whatever ends the copy ends the reading without an error.
      throw unreadable ?? error
    }
    return { rows: copy.rowCount, sha256: hash.digest('hex') }
  }

  async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isServerError(error)) {
        const failure = failureOf(error)
        // 25006: it was demoted; the next connection may find the new primary.
        if (failure.ended || failure.code === '25006') this.broken = true
        throw errorOfStatement(failure, this.#database)
      }
      if (isFileError(error) || error instanceof RecordTooLongError) throw error
      if (error instanceof SluiceError) {
        this.broken = true
        throw error
      }
      this.broken = true
      throw new ConnectionLostError(this.#database.location, error)
    }
  }
}

interface ServerError extends StatementFailure {
  readonly severity: string
}

function isServerError(error: unknown): error is Error & ServerError {
  return error instanceof Error && 'severity' in error && typeof error.severity === 'string'
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

function failureOf(error: ServerError): StatementFailure {
  const { message, code, detail, constraint, where, severity } = error
  const ended = severity === 'FATAL' || severity === 'PANIC'
  return { message, code, detail, constraint, where, ended, cause: error }
}
