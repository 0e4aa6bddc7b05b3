/**
 * Reads files: of a folder, a web server, an SFTP server or a bucket.
 *
 * @module
 */
import { defineConnector } from '../contract/connector.ts'
import { filesOptions } from './options.ts'

export const files = defineConnector({
  kind: 'files',
  title: 'CSV, JSON, Excel, Parquet, LDIF and XML in folders, on web servers, by SFTP and in S3',
  options: filesOptions,
  tables: ({ tables }) => Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
  check: async (options, context) => (await import('./check.ts')).check(options, context),
  discover: async (options, context) => (await import('./discover.ts')).discover(options, context),
  export: async (options, context) => (await import('./export.ts')).exportTables(options, context),
})
