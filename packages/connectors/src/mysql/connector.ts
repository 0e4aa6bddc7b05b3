/**
 * Reads MySQL and MariaDB.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { sqlParts } from '../sql/connect-sql.ts'
import { type MysqlOptions, mysqlOptions } from './options.ts'

export const mysql = defineConnector({
  kind: 'mysql',
  title: 'MySQL and MariaDB',
  options: mysqlOptions,
  packages: { mysql2: '3.24.6' },
  // Its package is loaded when it is used.
  ...sqlParts(async (options: MysqlOptions, context) =>
    (await import('./database.ts')).openMysql(options, context),
  ),
})
