/**
 * A connection to PostgreSQL that only reads, and sees one moment.
 *
 * @module
 */
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { ConnectorContext } from '../contract/connector.ts'
import type { TableWriter } from '../contract/export-context.ts'
import type { Cells, RowsRequest, SqlDatabase } from '../sql/database.ts'
import { writeRows } from '../sql/write-rows.ts'
import { catalogOf } from './catalog.ts'
import { connectPostgresql } from './connect.ts'
import { copyOf } from './copy.ts'
import { failureOf } from './failures.ts'
import type { PostgresqlOptions } from './options.ts'
import { Texts } from './texts.ts'

/** Rows that are fetched at once. */
const rowsAtOnce = 2000

export async function openPostgresql(
  options: PostgresqlOptions,
  context: ConnectorContext,
): Promise<PostgresqlDatabase> {
  const connection = await connectPostgresql(options, context)
  const { client, place, close } = connection
  try {
    await client.query('begin isolation level repeatable read read only')
    const texts = new Texts(await arraysOf(client), options.separator ?? '|')
    return new PostgresqlDatabase({ client, place, texts, close, signal: context.signal })
  } catch (error) {
    await close()
    throw failureOf(place, error)
  }
}

async function arraysOf(client: pg.Client): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<[string]>({
    text: `select oid from pg_type where typcategory = 'A'`,
    rowMode: 'array',
  })
  return new Set(rows.map(([oid]) => Number(oid)))
}

interface Parts {
  readonly client: pg.Client
  readonly place: string
  readonly texts: Texts
  readonly close: () => Promise<void>
  readonly signal: AbortSignal
}

export class PostgresqlDatabase implements SqlDatabase {
  readonly place: string
  /** How values are written. */
  readonly texts: Texts
  readonly #client: pg.Client
  readonly #close: () => Promise<void>
  readonly #signal: AbortSignal

  constructor({ client, place, texts, close, signal }: Parts) {
    this.#signal = signal
    this.place = place
    this.#client = client
    this.texts = texts
    this.#close = close
  }

  quote(name: string): string {
    return pg.escapeIdentifier(name)
  }

  literal(text: string): string {
    return pg.escapeLiteral(text)
  }

  textOf(expression: string): string {
    return `(${expression})::text`
  }

  async facts() {
    const { rows } = await this.#ask(
      `select current_setting('server_version'), current_user, current_database(),
        coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)`,
    )
    const [version, user, database, encrypted] = rows[0] ?? []
    return {
      server: `${this.place} (PostgreSQL ${version ?? '?'})`,
      user: user ?? '',
      database: database ?? '',
      connection: encrypted === 't' ? 'encrypted' : 'not encrypted',
    }
  }

  async columnsOf(select: string): Promise<readonly string[]> {
    return (await this.#ask(select)).fields.map(({ name }) => name)
  }

  /** As CSV, which the server writes several times as fast. */
  async write(request: RowsRequest, writer: TableWriter): Promise<void> {
    const { from, columns } = request
    const list = columns.map((name) => this.quote(name)).join(', ')
    const { fields } = await this.#ask(`select ${list} from ${from} where 1 = 0`)
    const copy = copyOf(this, request, this.texts.expressionsOf(fields, this))
    // A row of one value that is none would be an empty line.
    if (copy === undefined) return await writeRows(this, request, writer, this.#signal)
    const stream = this.#client.query(copyTo(copy))
    await writer.copy(this.#bytesOf(stream), () => stream.rowCount)
  }

  async *#bytesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const bytes of stream) {
        this.#signal.throwIfAborted()
        yield bytes
      }
    } catch (error) {
      throw failureOf(this.place, error)
    }
  }

  async *rowsOf(select: string): AsyncGenerator<readonly Cells[]> {
    await this.#ask(`declare _rows no scroll cursor for ${select}`)
    try {
      for (;;) {
        const { rows, fields } = await this.#ask(`fetch forward ${rowsAtOnce} from _rows`)
        if (rows.length > 0) yield this.texts.of(rows, fields)
        if (rows.length < rowsAtOnce) return
      }
    } finally {
      // After a failure there is none any more.
      await this.#client.query('close _rows').catch(() => undefined)
    }
  }

  catalog() {
    return catalogOf((text) => this.#ask(text).then(({ rows }) => rows))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #ask(text: string): Promise<pg.QueryArrayResult<(string | null)[]>> {
    try {
      return await this.#client.query<(string | null)[]>({ text, rowMode: 'array' })
    } catch (error) {
      throw failureOf(this.place, error)
    }
  }
}
