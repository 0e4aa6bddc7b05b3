/**
 * What has to be known to read a DuckDB file: the options of the connector `duckdb`.
 *
 * @module
 */
import { pathSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema } from '../contract/table-options.ts'
import { tablesSchema } from '../sql/options.ts'

export const duckdbOptions = z
  .strictObject({
    file: pathSchema.describe('The file of the database. Nobody else may write it meanwhile.'),
    separator: separatorSchema('an array'),
    tables: tablesSchema,
  })
  .describe('A file of DuckDB: tables, views and queries.')

export type DuckdbOptions = z.output<typeof duckdbOptions>
