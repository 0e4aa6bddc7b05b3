/**
 * What has to be known to read a PostgreSQL database: the options of the connector `postgresql`.
 *
 * @module
 */
import { durationSchema, pathSchema, secretSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema, tablesSchema } from '../sql/options.ts'

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
    separator: separatorSchema,
    tables: tablesSchema,
  })
  .describe('A PostgreSQL database: tables, views and queries.')

export type PostgresqlOptions = z.output<typeof postgresqlOptions>
