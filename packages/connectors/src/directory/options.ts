/**
 * What has to be known to read a directory, whoever made it: options that its connectors share.
 *
 * @module
 */
import { durationSchema, pathSchema, secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema, tableNameSchema } from '../contract/table-options.ts'
import { isFilter } from './filter-syntax.ts'

export const baseSchema = z
  .union([textSchema, z.array(textSchema).min(1, 'must name at least one entry')], {
    error: 'must be the name of an entry such as ou=people,dc=example,dc=org, or a list of them',
  })
  .describe('Below which entries is searched: one distinguished name, or several.')

const attributeSchema = z
  .string()
  .regex(/^[A-Za-z][\w;.-]*$|^\d+(\.\d+)+(;[\w-]+)*$/, 'must be the name of an attribute such as member')

const tableSchema = z
  .strictObject({
    base: baseSchema.optional(),
    scope: z
      .enum(['base', 'one', 'subtree'])
      .optional()
      .meta({ default: 'subtree' })
      .describe('The entry itself, the entries directly below it, or all of it.'),
    filter: z
      .string()
      .refine(
        isFilter,
        'must be a filter such as (objectClass=person) or (&(objectClass=person)(!(uid=admin)))',
      )
      .optional()
      .meta({ default: '(objectClass=*)' })
      .describe('Which entries: a filter of RFC 4515.'),
    links: attributeSchema
      .optional()
      .describe(
        'An attribute with several values, such as member: the file has a row for each of them, in place of one for each entry.',
      ),
  })
  .describe('A file: rows of entries, or of the values of one attribute.')
  .meta({ id: 'DirectoryTable', title: 'Table' })
export type DirectoryTable = z.output<typeof tableSchema>

export const tablesSchema = z.record(tableNameSchema, tableSchema, {
  error: 'must be a map of names, such as {people: {filter: (objectClass=person)}}',
})

const urlSchema = z
  .string()
  .regex(
    /^ldaps?:\/\/[^/?#\s]+\/?$/,
    'must be an address such as ldaps://ldap.example.org or ldap://ldap.example.org:389',
  )
  .describe('Where the server is: `ldaps://` is encrypted from the start.')

/** How a server is reached, and who connects. */
export const connectionShape = {
  url: urlSchema,
  startTls: z
    .boolean()
    .optional()
    .meta({ default: false })
    .describe('Of ldap://: the connection has to become encrypted (StartTLS) before anything is sent.'),
  certificateAuthority: pathSchema
    .optional()
    .describe('A PEM file of the authority that vouches for the server, in place of the public ones.'),
  user: textSchema
    .optional()
    .describe(
      'Who connects: a distinguished name, or what the server takes for one. Nobody (anonymous) when not given.',
    ),
  password: secretSchema.optional().describe('The password of the user.'),
  certificate: pathSchema
    .optional()
    .describe(
      'A PEM file with the certificate that shows who connects (SASL EXTERNAL), in place of user and password.',
    ),
  key: pathSchema.optional().describe('A PEM file with the private key of the certificate.'),
  answerWithin: durationSchema
    .optional()
    .meta({ default: '1m' })
    .describe('A server that sends nothing for so long has failed.'),
}
const connectionSchema = z.object(connectionShape)
export type DirectoryConnection = z.output<typeof connectionSchema>

/** How values are written. */
export const valuesShape = {
  separator: separatorSchema('an attribute that has several'),
  binary: z
    .record(attributeSchema, z.enum(['base64', 'hex', 'guid', 'sid', 'text']))
    .optional()
    .describe(
      'How attributes are written that are no text. objectGUID is a `guid` and objectSid a `sid`; photographs, certificates and what ends with `;binary` are `base64`, when not given.',
    ),
}
const valuesSchema = z.object(valuesShape)
export type ValueForms = z.output<typeof valuesSchema>

/** Entries that are asked for at once. */
export const pageSizeSchema = z.int().min(0).max(100_000).optional()

/** What reading the tables of a server needs to know. */
export interface ReadingOptions extends ValueForms {
  readonly base?: DirectoryTable['base']
  readonly pageSize?: number | undefined
}
