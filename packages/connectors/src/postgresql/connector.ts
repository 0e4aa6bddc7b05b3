/**
 * Reads any PostgreSQL database, and what speaks like one.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { sqlParts } from '../sql/connect-sql.ts'
import { type PostgresqlOptions, postgresqlOptions } from './options.ts'

export const postgresql = defineConnector({
  kind: 'postgresql',
  title: 'PostgreSQL, and databases that speak like it',
  options: postgresqlOptions,
  packages: { pg: '8.23.1' },
  // Its package is loaded when it is used.
  ...sqlParts(async (options: PostgresqlOptions, context) =>
    (await import('./database.ts')).openPostgresql(options, context),
  ),
})
