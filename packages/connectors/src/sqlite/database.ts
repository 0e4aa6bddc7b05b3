/**
 * A file of SQLite, opened to be read.
 *
 * @module
 */

import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { ConnectorContext } from '../contract/connector.ts'
import type { TableWriter } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { buildCatalog } from '../sql/build-catalog.ts'
import type { Cells, RowsRequest, SqlDatabase } from '../sql/database.ts'
import { writeRows } from '../sql/write-rows.ts'
import type { SqliteOptions } from './options.ts'

const rowsAtOnce = 1000

/** Milliseconds that somebody who writes is waited for. */
const busyTimeout = 30_000

export async function openSqlite({ file }: SqliteOptions, context: ConnectorContext): Promise<SqlDatabase> {
  const path = context.resolvePath(file)
  const { DatabaseSync: Opened } = await sqliteOfNode()
  try {
    const database = new Opened(path, { readOnly: true, timeout: busyTimeout })
    // Everything that is read is of one moment.
    database.exec('begin; select * from sqlite_schema limit 0')
    return new SqliteDatabase(database, path, context.signal)
  } catch (error) {
    throw failureOf(path, error)
  }
}

async function sqliteOfNode(): Promise<typeof import('node:sqlite')> {
  const sqlite = await import('node:sqlite').catch(() => undefined)
  // What came first could not tell the columns of a statement.
  if (sqlite !== undefined && 'columns' in sqlite.StatementSync.prototype) return sqlite
  throw new ManagedSystemError(`Node ${process.versions.node} cannot read SQLite.`, {
    remedy: 'Run Sluice with Node 22.16 or newer.',
  })
}

class SqliteDatabase implements SqlDatabase {
  readonly place: string
  readonly #database: DatabaseSync
  readonly #signal: AbortSignal

  constructor(database: DatabaseSync, place: string, signal: AbortSignal) {
    this.#database = database
    this.place = place
    this.#signal = signal
  }

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`
  }

  literal(text: string): string {
    return /^-?\d{1,18}$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`
  }

  textOf(expression: string): string {
    return `cast(${expression} as text)`
  }

  async facts() {
    const [version = '?'] = this.#all('select sqlite_version()')[0] ?? []
    return { file: this.place, library: `SQLite ${version}` }
  }

  async columnsOf(select: string): Promise<readonly string[]> {
    return this.#prepared(select)
      .columns()
      .map(({ name }) => name)
  }

  write(request: RowsRequest, writer: TableWriter): Promise<void> {
    return writeRows(this, request, writer, this.#signal)
  }

  async *rowsOf(select: string): AsyncGenerator<readonly Cells[]> {
    let rows: Cells[] = []
    for (const row of this.#iterated(select)) {
      rows.push(row)
      if (rows.length < rowsAtOnce) continue
      yield rows
      rows = []
      // Reading blocks; others have their turn between.
      await setImmediate()
      this.#signal.throwIfAborted()
    }
    if (rows.length > 0) yield rows
  }

  async catalog() {
    const tables = `(select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\') t`
    return buildCatalog({
      columns: this.#all(
        `select null, t.name, c.name, lower(c.type), null from ${tables}, pragma_table_info(t.name) c order by t.name, c.cid`,
      ),
      keys: this.#all(
        `select null, t.name, c.name from ${tables}, pragma_table_info(t.name) c where c.pk > 0 order by t.name, c.pk`,
      ),
      references: this.#all(`select null, t.name, f.id, f."from", null, f."table", coalesce(f."to",
        (select c.name from pragma_table_info(f."table") c where c.pk = f.seq + 1))
        from ${tables}, pragma_foreign_key_list(t.name) f order by t.name, f.id, f.seq`),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database.close()
  }

  #all(select: string): readonly Cells[] {
    return [...this.#iterated(select)]
  }

  *#iterated(select: string): Generator<Cells> {
    const statement = this.#prepared(select)
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    try {
      for (const row of statement.iterate()) yield Object.values(row).map(textOf)
    } catch (error) {
      throw failureOf(this.place, error)
    }
  }

  #prepared(select: string) {
    try {
      return this.#database.prepare(select)
    } catch (error) {
      throw failureOf(this.place, error)
    }
  }
}

function textOf(value: SQLOutputValue): string | undefined {
  if (value === null) return undefined
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
}

function failureOf(path: string, error: unknown): ManagedSystemError {
  const message = error instanceof Error ? error.message : String(error)
  return new ManagedSystemError(`${path}: ${message}.`, {
    remedy: /unable to open/.test(message) ? 'Look at file, and whether it may be read.' : undefined,
    passing: /locked|busy/.test(message),
    cause: error,
  })
}
