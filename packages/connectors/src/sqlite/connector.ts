/**
 * Reads files of SQLite, with what Node brings along.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { sqlParts } from '../sql/connect-sql.ts'
import { type SqliteOptions, sqliteOptions } from './options.ts'

export const sqlite = defineConnector({
  kind: 'sqlite',
  title: 'Files of SQLite',
  options: sqliteOptions,
  ...sqlParts(async (options: SqliteOptions, context) =>
    (await import('./database.ts')).openSqlite(options, context),
  ),
})
