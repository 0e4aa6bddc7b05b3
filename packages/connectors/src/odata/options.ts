/**
 * What has to be known to read a service of OData.
 *
 * @module
 */
import { textSchema } from '@sluice/model'
import { z } from 'zod'
import { tableNameSchema } from '../contract/table-options.ts'
import { addressSchema, authenticationSchema } from '../http/http-settings.ts'

const tableSchema = z
  .strictObject({
    set: textSchema.optional().describe('The entity set; that of the name of the file when not given.'),
    filter: textSchema.optional().describe('Which entities: a `$filter`.'),
    expand: textSchema.optional().describe('What comes along of other entities: an `$expand`.'),
    order: textSchema
      .optional()
      .describe('With pageSize: what identifies an entity, so that pages follow one another: an `$orderby`.'),
    changed: textSchema
      .optional()
      .describe(
        'A property that says when an entity was changed last. An incremental then asks for later ones.',
      ),
    changedType: z
      .enum(['datetime', 'datetimeoffset'])
      .optional()
      .meta({ default: 'datetime' })
      .describe('Of OData 2: the type of that property.'),
    each: textSchema
      .optional()
      .describe('A list within each entity: the file has a row for each of its values.'),
  })
  .meta({ id: 'ODataTable', title: 'Table' })

export type ODataTable = z.output<typeof tableSchema>

export const odataShape = {
  address: addressSchema.describe('Where the service is: where its $metadata is, without that word.'),
  authentication: authenticationSchema.optional(),
  pageSize: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'Entities that are asked for at once, of services that send everything in one answer otherwise.',
    ),
  tables: z
    .record(tableNameSchema, tableSchema, { error: 'must be a map of names, such as {Employees: {}}' })
    .describe('The files, by their names without `.csv`: each an entity set.'),
}
export const versionSchema = z.enum(['v2', 'v4']).optional()

export const odataOptions = z
  .strictObject({
    ...odataShape,
    version: versionSchema.meta({ default: 'v4' }).describe('Which OData it speaks.'),
  })
  .describe('Any service of OData 2 or 4.')
