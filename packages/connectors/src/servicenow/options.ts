/**
 * What has to be known to read tables of ServiceNow.
 *
 * @module
 */
import { textSchema } from '@sluice/model'
import { z } from 'zod'
import { tableNameSchema } from '../contract/table-options.ts'
import { addressSchema, authenticationSchema } from '../http/http-settings.ts'

const tableSchema = z
  .strictObject({
    table: textSchema.optional().describe('Its name at the instance; that of the file when not given.'),
    query: textSchema
      .optional()
      .describe('Which records: an encoded query such as `active=true^departmentISNOTEMPTY`.'),
    changed: z
      .boolean()
      .optional()
      .meta({ default: true })
      .describe(
        'An incremental asks for what was updated since. With false everything is read and compared, so that deletions are seen.',
      ),
  })
  .meta({ id: 'ServiceNowTable', title: 'Table' })

export const serviceNowOptions = z
  .strictObject({
    address: addressSchema.describe('Where the instance is: https://example.service-now.com.'),
    authentication: authenticationSchema.optional(),
    pageSize: z.int().min(1).max(10_000).optional().meta({ default: 1000 }).describe('Records of a page.'),
    tables: z
      .record(tableNameSchema, tableSchema, { error: 'must be a map of names, such as {sys_user: {}}' })
      .describe(
        'The files, by their names without `.csv`. People, groups and servers, where none are named.',
      ),
  })
  .describe('Any table of ServiceNow.')

export type ServiceNowTable = z.output<typeof tableSchema>
