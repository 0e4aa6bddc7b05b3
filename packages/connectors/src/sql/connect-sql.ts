/**
 * A connector of a database, from how it is opened.
 *
 * @module
 */
import type { WrittenTable } from '@sluice/model'
import type { Checked, ConnectorContext, ConnectorStatement } from '../contract/connector.ts'
import type { Discovered } from '../contract/discovered.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { check } from './check.ts'
import type { SqlDatabase } from './database.ts'
import { discover } from './discover.ts'
import { exportTables } from './export.ts'
import type { SqlOptions } from './options.ts'

export type OpenSqlDatabase<Options extends SqlOptions> = (
  options: Options,
  context: ConnectorContext,
) => Promise<SqlDatabase>

/** What every connector of a database does in the same way. */
export function sqlParts<Options extends SqlOptions>(open: OpenSqlDatabase<Options>) {
  return {
    tables: ({ tables }: Options): readonly WrittenTable[] =>
      Object.keys(tables).map((name) => ({ file: `${name}.csv` })),
    async check(options: Options, context: ConnectorContext): Promise<Checked> {
      await using database = await open(options, context)
      return await check(database, options)
    },
    async discover(options: Options, context: ConnectorContext): Promise<Discovered> {
      await using database = await open(options, context)
      return await discover(database)
    },
    async export(options: Options, context: ExportContext): Promise<ConnectorStatement> {
      await using database = await open(options, context)
      return await exportTables(database, options, context)
    },
  }
}
