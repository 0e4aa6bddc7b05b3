/**
 * What has to be known to read an SQLite file: the options of the connector `sqlite`.
 *
 * @module
 */
import { pathSchema } from '@sluice/model'
import { z } from 'zod'
import { tablesSchema } from '../sql/options.ts'

export const sqliteOptions = z
  .strictObject({
    file: pathSchema.describe('The file of the database.'),
    tables: tablesSchema,
  })
  .describe('A file of SQLite: tables, views and queries.')

export type SqliteOptions = z.output<typeof sqliteOptions>
