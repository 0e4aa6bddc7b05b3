/**
 * A connection to MySQL or MariaDB that only reads, and sees one moment.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { millisecondsOf } from '@sluice/model'
import mysql from 'mysql2'
import type { ConnectorContext } from '../contract/connector.ts'
import type { TableWriter } from '../contract/export-context.ts'
import type { Cells, RowsRequest, SqlDatabase } from '../sql/database.ts'
import { writeRows } from '../sql/write-rows.ts'
import { catalogOf } from './catalog.ts'
import { failureOf } from './failures.ts'
import type { MysqlOptions } from './options.ts'
import { type Column, textsOf } from './texts.ts'

const rowsAtOnce = 1000

const settings = [
  `set session time_zone = '+00:00'`,
  // Names in double quotes are no texts, and zeros are no dates, whatever the server's settings are.
  `set session sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'`,
  'set session transaction isolation level repeatable read',
  'start transaction with consistent snapshot, read only',
]

export async function openMysql(options: MysqlOptions, context: ConnectorContext): Promise<SqlDatabase> {
  const { password, certificateAuthority, encrypted = false, connectWithin = '30s' } = options
  const { hostname, port, username, pathname } = new URL(options.url)
  const place = `${hostname}:${port || 3306}${pathname}`
  const ca =
    certificateAuthority === undefined
      ? undefined
      : await readFile(context.resolvePath(certificateAuthority), 'utf8')
  const connection = mysql.createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    ...(password === undefined ? {} : { password: await context.secret(password) }),
    ...(encrypted || ca !== undefined ? { ssl: ca === undefined ? {} : { ca } } : {}),
    charset: 'utf8mb4',
    connectTimeout: millisecondsOf(connectWithin),
    rowsAsArray: true,
    typeCast: (field) => field.buffer(),
  })
  // What breaks while nothing is asked shows with the next statement.
  connection.on('error', () => undefined)
  const database = new MysqlDatabase(connection, place, context.signal)
  try {
    for (const setting of settings) await database.ask(setting)
    return database
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

class MysqlDatabase implements SqlDatabase {
  readonly place: string
  readonly #connection: mysql.Connection
  readonly #signal: AbortSignal
  readonly #leave = () => this.#connection.destroy()

  constructor(connection: mysql.Connection, place: string, signal: AbortSignal) {
    this.#connection = connection
    this.place = place
    this.#signal = signal
    signal.addEventListener('abort', this.#leave, { once: true })
  }

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`
  }

  literal(text: string): string {
    return `'${text.replaceAll("'", "''")}'`
  }

  textOf(expression: string): string {
    return `cast(${expression} as char)`
  }

  async facts() {
    const [row = []] = (await this.ask('select version(), current_user(), database()')).rows
    const [version = '?', user = '', database = ''] = row
    const name = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL'
    const [[, cipher = ''] = []] = (await this.ask(`show session status like 'Ssl_cipher'`)).rows
    return {
      server: `${this.place} (${name} ${version.replace(/-MariaDB.*$/i, '')})`,
      user,
      database,
      connection: cipher === '' ? 'not encrypted' : 'encrypted',
    }
  }

  async columnsOf(select: string): Promise<readonly string[]> {
    return (await this.ask(select)).columns.map(({ name }) => name)
  }

  write(request: RowsRequest, writer: TableWriter): Promise<void> {
    return writeRows(this, request, writer, this.#signal)
  }

  async *rowsOf(select: string): AsyncGenerator<readonly Cells[]> {
    const query = this.#connection.query(select)
    let columns: readonly Column[] = []
    query.on('fields', (fields: readonly Column[] | undefined) => {
      columns = fields ?? []
    })
    const stream = query.stream({ highWaterMark: rowsAtOnce })
    // Where the connection breaks, the connection hears of it, and the stream does not.
    const broken = (error: Error) => stream.destroy(error)
    this.#connection.once('error', broken)
    let rows: (readonly (Buffer | null)[])[] = []
    try {
      for await (const row of stream) {
        rows.push(row)
        if (rows.length < rowsAtOnce) continue
        yield textsOf(rows, columns)
        rows = []
      }
    } catch (error) {
      throw failureOf(this.place, error)
    } finally {
      this.#connection.off('error', broken)
    }
    if (rows.length > 0) yield textsOf(rows, columns)
  }

  catalog() {
    return catalogOf(async (text) => (await this.ask(text)).rows)
  }

  /** A statement whose result is small. */
  ask(text: string): Promise<{ readonly rows: readonly Cells[]; readonly columns: readonly Column[] }> {
    return new Promise((resolve, reject) => {
      this.#connection.query(
        text,
        (error: Error | null, rows: unknown, columns: readonly Column[] | undefined) => {
          if (error !== null) reject(failureOf(this.place, error))
          else
            resolve({ rows: Array.isArray(rows) ? textsOf(rows, columns ?? []) : [], columns: columns ?? [] })
        },
      )
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener('abort', this.#leave)
    // Rows that nobody has read would be waited for.
    this.#connection.destroy()
  }
}
