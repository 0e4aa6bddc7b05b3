/**
 * What has to be known to read an Active Directory: the options of the connector `active-directory`.
 *
 * @module
 */
import { textSchema } from '@sluice/model'
import { z } from 'zod'
import {
  baseSchema,
  connectionShape,
  pageSizeSchema,
  tablesSchema,
  valuesShape,
} from '../directory/options.ts'

const { url, startTls, certificateAuthority, user, password } = connectionShape
const userSchema = textSchema
  .optional()
  .describe('Who connects: a name such as reader@example.org, or a distinguished name.')
const ownBase = baseSchema
  .optional()
  .describe('For the tables that name none. The whole domain of the server when not given.')

const serverSchema = z
  .strictObject({ url, startTls, certificateAuthority, user: userSchema, password, base: ownBase })
  .describe('A server of another domain.')
  .meta({ id: 'DomainServer', title: 'Server' })

export const activeDirectoryOptions = z
  .strictObject({
    ...connectionShape,
    url: url.describe(
      'A domain controller, or the name of the domain: `ldaps://` is encrypted from the start.',
    ),
    user: user
      .unwrap()
      .optional()
      .describe('Who connects: a name such as reader@example.org, or a distinguished name.'),
    base: ownBase,
    servers: z
      .array(serverSchema)
      .optional()
      .describe(
        'Servers of more domains, whose entries come into the same files. What one of them does not say about connecting is as above.',
      ),
    changes: z
      .enum(['compare', 'dirsync'])
      .optional()
      .meta({ default: 'compare' })
      .describe(
        'How an incremental finds what has changed. `compare`: everything is read and compared with what was delivered last. `dirsync`: the server says it, deleted entries and members that a group has lost included; the user needs the right Replicating Directory Changes.',
      ),
    visibleOnly: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe(
        'Of `dirsync`: the user has not that right, and is shown the changes of what it may read. What is gone is found by listing what is still there.',
      ),
    pageSize: pageSizeSchema
      .meta({ default: 1000 })
      .describe(
        'Entries that are asked for at once; a server sends 1000 at most unless its policy says otherwise.',
      ),
    ...valuesShape,
    tables: tablesSchema.describe(
      'The files, by their names without `.csv`. A file has the columns that mappings name: `dn`, `parentdn` (the name of the entry above), attributes, and for attributes that name other entries the id of these, such as `manager.objectGUID`.',
    ),
  })
  .describe('Active Directory: entries, members, managers, and what has changed of them.')

export type ActiveDirectoryOptions = z.output<typeof activeDirectoryOptions>
export type DomainServer = z.output<typeof serverSchema>
