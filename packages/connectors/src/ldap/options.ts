/**
 * What has to be known to read a directory: the options of the connector `ldap`.
 *
 * @module
 */
import { z } from 'zod'
import {
  baseSchema,
  connectionShape,
  pageSizeSchema,
  tablesSchema,
  valuesShape,
} from '../directory/options.ts'

export const ldapOptions = z
  .strictObject({
    ...connectionShape,
    base: baseSchema.optional().describe('For the tables that name none.'),
    changes: z
      .enum(['compare', 'modification-time', 'content-synchronization'])
      .optional()
      .meta({ default: 'compare' })
      .describe(
        'How an incremental finds what has changed. `compare`: everything is read and compared with what was delivered last. `modification-time`: entries with a later `modifyTimestamp`; deleted ones are not seen. `content-synchronization`: the server says it (RFC 4533; of OpenLDAP the overlay syncprov), deleted entries included.',
      ),
    pageSize: pageSizeSchema
      .meta({ default: 500 })
      .describe('Entries that are asked for at once; 0 asks for all of them.'),
    ...valuesShape,
    tables: tablesSchema.describe(
      'The files, by their names without `.csv`. A file has the columns that mappings name: `dn`, `parentdn` (the name of the entry above) and attributes, operational ones such as `entryUUID` included.',
    ),
  })
  .describe('Any LDAP server: entries, and the values of attributes such as members.')

export type LdapOptions = z.output<typeof ldapOptions>
