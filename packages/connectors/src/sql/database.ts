/**
 * What is asked of a database, whichever it is. Values come as texts, so numbers stay as exact as they are there.
 *
 * @module
 */

import type { TableWriter } from '../contract/export-context.ts'

export type Cells = readonly (string | undefined)[]

/** Which rows of a table are written, and how. */
export interface RowsRequest {
  /** What stands behind `from`. */
  readonly from: string
  readonly columns: readonly string[]
  /** Rows that are not older; each is a command. */
  readonly since?: { readonly column: string; readonly value: string } | undefined
  /** Says that a row is deleted. */
  readonly deleted?: string | undefined
}

/** A connection on which every statement sees the same moment, and none can write. */
export interface SqlDatabase extends AsyncDisposable {
  /** How it is named in messages: host, port and database, or a file. */
  readonly place: string
  /** Server, version and user, in the order in which they are shown. */
  facts(): Promise<Readonly<Record<string, string>>>
  /** One part of a name. */
  quote(name: string): string
  literal(text: string): string
  /** An expression as text, as the database itself writes it. */
  textOf(expression: string): string
  /** Names of the columns of a select, without its rows. */
  columnsOf(select: string): Promise<readonly string[]>
  /** Writes the rows that are asked for. */
  write(request: RowsRequest, writer: TableWriter): Promise<void>
  /** Some rows at a time, no more in memory than are asked for. Times as in ISO 8601, booleans as true and false, bytes in hexadecimal. */
  rowsOf(select: string): AsyncIterable<readonly Cells[]>
  catalog(): Promise<readonly CatalogTable[]>
}

export interface CatalogTable {
  readonly schema: string | undefined
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Of its primary key, or else of a unique one that is never empty. */
  readonly key: readonly string[]
  readonly references: readonly {
    readonly columns: readonly string[]
    readonly table: { readonly schema: string | undefined; readonly name: string }
    readonly to: readonly string[]
  }[]
  /** As far as it is known without counting. */
  readonly rows?: number | undefined
}

/** The only row of a select. */
export async function onlyRow(database: SqlDatabase, select: string): Promise<Cells> {
  for await (const [row] of database.rowsOf(select)) if (row !== undefined) return row
  return []
}
