/**
 * What has to be known to read a MySQL or MariaDB database: the options of the connector `mysql`.
 *
 * @module
 */
import { durationSchema, pathSchema, secretSchema } from '@sluice/model'
import { z } from 'zod'
import { tablesSchema } from '../sql/options.ts'

export const mysqlOptions = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(mysql|mariadb):\/\/[^\s/]+\/[^\s/?]+$/,
        'must be an address such as mysql://reader@db.example.org:3306/hr',
      )
      .refine((url) => !/^\w+:\/\/[^/@]*:[^/@]*@/.test(url), 'must hold no password: write it below password')
      .describe('Where the database is, and who connects.'),
    password: secretSchema.optional().describe('The password of the user.'),
    encrypted: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe(
        'The connection has to be encrypted, and the server to show a certificate that somebody vouches for.',
      ),
    certificateAuthority: pathSchema
      .optional()
      .describe(
        'A PEM file of the authority that vouches for the server, in place of the public ones. With it the connection has to be encrypted.',
      ),
    connectWithin: durationSchema
      .optional()
      .meta({ default: '30s' })
      .describe('A server that does not answer for so long has failed.'),
    tables: tablesSchema,
  })
  .describe('A MySQL or MariaDB database: tables, views and queries.')

export type MysqlOptions = z.output<typeof mysqlOptions>
