/**
 * What has to be known to read a system that speaks SCIM 2.0.
 *
 * @module
 */
import { textSchema } from '@sluice/model'
import { z } from 'zod'
import { addressSchema, authenticationSchema } from '../http/http-settings.ts'

export const scimOptions = z
  .strictObject({
    address: addressSchema.describe('Where SCIM is: https://example.org/scim/v2.'),
    authentication: authenticationSchema.optional(),
    pageSize: z.int().min(1).max(10_000).optional().meta({ default: 200 }).describe('Resources of a page.'),
    paging: z
      .enum(['index', 'cursor'])
      .optional()
      .meta({ default: 'index' })
      .describe('`index`: pages by startIndex, which every system knows. `cursor`: by cursors (RFC 9865).'),
    filter: textSchema.optional().describe('Which users: a filter such as `active eq true`.'),
    changes: z
      .enum(['compare', 'last-modified'])
      .optional()
      .meta({ default: 'compare' })
      .describe(
        'How an incremental finds what has changed. `compare`: everything is read. `last-modified`: users and groups with a later `meta.lastModified`; deleted ones are not seen.',
      ),
  })
  .describe('Any system that speaks SCIM 2.0: users, groups and what else it has.')
