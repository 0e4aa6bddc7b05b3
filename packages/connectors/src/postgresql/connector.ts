/**
 * Reads any PostgreSQL database, and what speaks like one.
 *
 * @module
 */
import { type ConnectorContext, defineConnector } from '../contract/connector.ts'
import { sqlParts } from '../sql/connect-sql.ts'
import { type PostgresqlOptions, postgresqlOptions } from './options.ts'

const open = async (options: PostgresqlOptions, context: ConnectorContext) =>
  (await import('./database.ts')).openPostgresql(options, context)

export const postgresql = defineConnector({
  kind: 'postgresql',
  title: 'PostgreSQL, and databases that speak like it',
  options: postgresqlOptions,
  packages: { pg: '8.23.1' },
  // Its package is loaded when it is used.
  ...sqlParts(open),
  check: async (options, context) => await (await import('./check.ts')).checkPostgresql(options, context),
  export: async (options, context) => await (await import('./export.ts')).exportPostgresql(options, context),
})
