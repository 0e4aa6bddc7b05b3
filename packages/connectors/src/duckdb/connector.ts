/**
 * Reads files of DuckDB.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { sqlParts } from '../sql/connect-sql.ts'
import { type DuckdbOptions, duckdbOptions } from './options.ts'

export const duckdb = defineConnector({
  kind: 'duckdb',
  title: 'Files of DuckDB',
  options: duckdbOptions,
  // Its package is loaded when it is used.
  ...sqlParts(async (options: DuckdbOptions, context) =>
    (await import('./database.ts')).openDuckdb(options, context),
  ),
})
