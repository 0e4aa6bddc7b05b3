/**
 * What has to be known to read reports of Workday.
 *
 * @module
 */
import { secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { tableNameSchema } from '../contract/table-options.ts'
import { addressSchema } from '../http/http-settings.ts'

const reportSchema = z
  .strictObject({
    report: textSchema.describe('Its owner and its name, as its address ends: `jdoe/All_Workers`.'),
    prompts: z.record(z.string(), textSchema).optional().describe('What the report asks for.'),
    changed: z
      .strictObject({
        column: textSchema.describe('Where a row says when it was changed last.'),
        prompt: textSchema.describe(
          'The prompt of the report that takes a time, from which on rows are wanted.',
        ),
      })
      .optional()
      .describe('How an incremental asks for changes. Everything is read and compared when not given.'),
    each: textSchema
      .optional()
      .describe('A list within each row: the file has a row for each of its values.'),
    key: textSchema.optional().describe('The column that identifies a row, for suggested mappings.'),
  })
  .meta({ id: 'WorkdayReport', title: 'Report' })

export const workdayOptions = z
  .strictObject({
    address: addressSchema.describe(
      'Where reports of the tenant are: https://wd2-impl-services1.workday.com/ccx/service/customreport2/TENANT.',
    ),
    user: textSchema.describe('An integration system user.'),
    password: secretSchema.describe('Its password.'),
    tables: z
      .record(tableNameSchema, reportSchema, {
        error: 'must be a map of names, such as {workers: {report: jdoe/All_Workers}}',
      })
      .describe('The files, by their names without `.csv`: each a report that is enabled as a web service.'),
  })
  .describe('Reports of Workday (Reports as a Service).')
