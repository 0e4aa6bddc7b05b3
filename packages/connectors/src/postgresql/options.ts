/**
 * What has to be known to read a PostgreSQL database: the options of the connector `postgresql`.
 *
 * @module
 */
import { durationSchema, pathSchema, secretSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema } from '../contract/table-options.ts'
import { tablesSchema } from '../sql/options.ts'

const replicationSchema = z
  .strictObject({
    publication: z
      .string()
      .min(1, 'must not be empty')
      .describe('The publication that has the tables: create publication shop for table sales.customer.'),
    slot: z
      .string()
      .regex(/^[a-z0-9_]{1,63}$/, 'must be a name of small letters, digits and underscores')
      .optional()
      .meta({ default: 'sluice_ and the name of the source' })
      .describe('The slot that keeps changes until they are read. It is made where it is not there.'),
  })
  .describe(
    'An incremental asks the server which rows were touched, by logical replication; deleted ones are among them.',
  )
  .meta({ id: 'PostgresqlReplication', title: 'Logical replication' })

export const postgresqlOptions = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'must be an address such as postgresql://reader@db.example.org/hr')
      .refine((url) => !/^\w+:\/\/[^/@]*:[^/@]*@/.test(url), 'must hold no password: write it below password')
      .describe(
        'Where the database is, and who connects, as psql takes it; `sslmode` and other parameters included.',
      ),
    password: secretSchema.optional().describe('The password of the user.'),
    certificateAuthority: pathSchema
      .optional()
      .describe(
        'A PEM file of the authority that vouches for the server. With it the connection has to be encrypted.',
      ),
    connectWithin: durationSchema
      .optional()
      .meta({ default: '30s' })
      .describe('A server that does not answer for so long has failed.'),
    separator: separatorSchema('an array'),
    replication: replicationSchema.optional(),
    tables: tablesSchema,
  })
  .refine(
    ({ replication, tables }) =>
      replication === undefined || Object.values(tables).every(({ changed }) => changed === undefined),
    { error: 'tells the changes of all tables, so no table has "changed"', path: ['replication'] },
  )
  .describe('A PostgreSQL database: tables, views and queries.')

export type PostgresqlOptions = z.output<typeof postgresqlOptions>
