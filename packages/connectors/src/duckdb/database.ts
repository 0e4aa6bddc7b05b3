/**
 * A file of DuckDB, opened to be read.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ConnectorContext } from '../contract/connector.ts'
import type { TableWriter } from '../contract/export-context.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { buildCatalog } from '../sql/build-catalog.ts'
import type { Cells, RowsRequest, SqlDatabase } from '../sql/database.ts'
import { writeRows } from '../sql/write-rows.ts'
import type { DuckdbOptions } from './options.ts'
import { textExpression } from './texts.ts'

export async function openDuckdb(
  { file, separator = '|' }: DuckdbOptions,
  context: ConnectorContext,
): Promise<SqlDatabase> {
  const path = context.resolvePath(file)
  // DuckDB would say that it cannot make one.
  if ((await stat(path).catch(() => undefined))?.isFile() !== true)
    throw new ManagedSystemError(`${path} is no file.`, { remedy: 'Look at file.' })
  try {
    const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', threads: '2' })
    const connection = await instance.connect()
    const database = new DuckdbDatabase({
      instance,
      connection,
      place: path,
      separator,
      signal: context.signal,
    })
    await database.begin()
    return database
  } catch (error) {
    throw failureOf(path, error)
  }
}

interface Parts {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  readonly place: string
  readonly separator: string
  readonly signal: AbortSignal
}

class DuckdbDatabase implements SqlDatabase {
  readonly place: string
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.place = parts.place
    this.#parts = parts
  }

  /** Everything that is read is of one moment. */
  async begin(): Promise<void> {
    await this.#parts.connection.run(`set timezone = 'UTC'`)
    await this.#parts.connection.run('begin transaction')
  }

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`
  }

  literal(text: string): string {
    return `'${text.replaceAll("'", "''")}'`
  }

  textOf(expression: string): string {
    return `(${expression})::varchar`
  }

  async facts() {
    const [[version = '?'] = []] = await this.#all('select version()')
    return { file: this.place, library: `DuckDB ${version}` }
  }

  async columnsOf(select: string): Promise<readonly string[]> {
    return (await this.#columns(select)).map(({ name }) => name)
  }

  write(request: RowsRequest, writer: TableWriter): Promise<void> {
    return writeRows(this, request, writer, this.#parts.signal)
  }

  async *rowsOf(select: string): AsyncGenerator<readonly Cells[]> {
    const columns = await this.#columns(select)
    const separator = this.literal(this.#parts.separator)
    const texts = columns.map(({ name, type }) => textExpression(this.quote(name), type, separator))
    yield* this.#rows(`select ${texts.join(', ')} from (${select}) "_rows"`)
  }

  async catalog() {
    return buildCatalog({
      columns:
        await this.#all(`select nullif(c.schema_name, 'main'), c.table_name, c.column_name, lower(c.data_type), t.estimated_size::varchar
        from duckdb_columns() c left join duckdb_tables() t using (database_name, schema_name, table_name)
        where c.database_name = current_database() and not c.internal order by 1 nulls first, 2, c.column_index`),
      keys: await this.#all(`select nullif(schema_name, 'main'), table_name, unnest(constraint_column_names)
        from duckdb_constraints() where database_name = current_database() and constraint_type = 'PRIMARY KEY'`),
      references:
        await this.#all(`select nullif(schema_name, 'main'), table_name, constraint_index::varchar, unnest(constraint_column_names), nullif(schema_name, 'main'),
        referenced_table, unnest(referenced_column_names)
        from duckdb_constraints() where database_name = current_database() and constraint_type = 'FOREIGN KEY'`),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.connection.closeSync()
    this.#parts.instance.closeSync()
  }

  async #columns(select: string): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const described = await this.#all(`select column_name, column_type from (describe ${select})`)
    return described.map(([name = '', type = '']) => ({ name, type }))
  }

  async #all(select: string): Promise<readonly Cells[]> {
    const all: Cells[] = []
    for await (const rows of this.#rows(select)) all.push(...rows)
    return all
  }

  /** Of a select whose columns are texts. */
  async *#rows(select: string): AsyncGenerator<readonly Cells[]> {
    try {
      const result = await this.#parts.connection.stream(select)
      for await (const rows of result.yieldRows()) {
        this.#parts.signal.throwIfAborted()
        yield rows.map((row) => row.map((value) => (value === null ? undefined : String(value))))
      }
    } catch (error) {
      throw failureOf(this.place, error)
    }
  }
}

function failureOf(path: string, error: unknown): unknown {
  if (error instanceof ManagedSystemError || !(error instanceof Error) || error.name === 'AbortError')
    return error
  const message = error.message.split('\n')[0] ?? ''
  const isTaken = /lock/i.test(message)
  return new ManagedSystemError(`${path}: ${message.replace(/\.$/, '')}.`, {
    remedy: isTaken ? 'Wait until nobody writes it, or export a copy.' : undefined,
    passing: isTaken,
    cause: error,
  })
}
