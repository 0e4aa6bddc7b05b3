/**
 * What has to be known of the tables of a database, whichever it is.
 *
 * @module
 */
import { durationSchema } from '@sluice/model'
import { z } from 'zod'
import { tableNameSchema } from '../contract/table-options.ts'

const nameSchema = z.string().min(1, 'must not be empty')

const tableSchema = z
  .strictObject({
    table: nameSchema
      .optional()
      .describe(
        'A table or view, with its schema where it has one: hr.people. The name of the file when not given.',
      ),
    query: nameSchema
      .optional()
      .describe('A select in place of a table. Its columns are named as mappings name them.'),
    changed: nameSchema
      .optional()
      .describe(
        'A column that grows with every change of a row: a time, or a number of a sequence. An incremental then asks for rows that are not older than those of last time.',
      ),
    overlap: durationSchema
      .optional()
      .meta({ default: '10m' })
      .describe(
        'How much older than the latest change rows may be that are asked for again: for transactions that took so long. Of times only.',
      ),
    deleted: nameSchema
      .optional()
      .describe(
        'A column that says that a row is deleted: it holds something other than false, 0, no or nothing.',
      ),
  })
  .refine(({ table, query }) => table === undefined || query === undefined, {
    error: 'names a table or a query, not both',
    path: ['query'],
  })
  .describe('A file: the rows of a table or of a query.')
  .meta({ id: 'SqlTable', title: 'Table' })

export type SqlTable = z.output<typeof tableSchema>

export const tablesSchema = z
  .record(tableNameSchema, tableSchema, {
    error: 'must be a map of names, such as {people: {table: hr.people}}',
  })
  .describe('The files, by their names without `.csv`. Only columns that mappings name are asked for.')

export interface SqlOptions {
  readonly tables: Readonly<Record<string, SqlTable>>
}
