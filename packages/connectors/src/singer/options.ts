/**
 * What has to be known to run a Singer tap: the options of the connector `singer`.
 *
 * @module
 */
import { pathSchema, secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema, tableNameSchema } from '../contract/table-options.ts'

const tableSchema = z
  .strictObject({
    stream: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe(
        'The stream of the tap, by the `tap_stream_id` or `stream` of its catalog; the name of the file when not given.',
      ),
    replication: z
      .enum(['full-table', 'incremental', 'log-based'])
      .optional()
      .describe(
        'How the tap is to read the stream; what its catalog says, and else all of it, when not given. A stream that is read whole is compared; of the others an incremental brings what the tap sends since its state.',
      ),
    replicationKey: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('A property that grows with every change, where the tap does not name it by itself.'),
    links: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('A list in each record: the file has a row for each of its items.'),
  })
  .describe('A file: the records of a stream.')
  .meta({ id: 'SingerTable', title: 'Table' })

export type SingerTable = z.output<typeof tableSchema>

export const singerOptions = z
  .strictObject({
    command: z
      .array(textSchema, { error: 'must be a list of a program and its arguments, such as [tap-github]' })
      .min(1, 'must name a program')
      .describe(
        'The tap with its arguments; no shell stands in between. It runs in the folder of the file this stands in.',
      ),
    config: z
      .record(z.string(), z.unknown(), { error: 'must be a map' })
      .optional()
      .describe(
        'What the tap wants to know, as its documentation says. Sluice writes it into a file for the tap.',
      ),
    secrets: z
      .record(z.string(), secretSchema, {
        error: 'must be a map of names, such as {access_token: {environment: TOKEN}}',
      })
      .optional()
      .describe(
        'What nobody may read of it, by name; of what lies deeper with points between: oauth.secret.',
      ),
    catalog: pathSchema
      .optional()
      .describe('A catalog of the tap as a file, where the tap cannot discover one, or it was edited.'),
    catalogFlag: z
      .enum(['--catalog', '--properties'])
      .optional()
      .meta({ default: '--catalog' })
      .describe('How the tap is given its catalog: old ones want `--properties`.'),
    separator: separatorSchema('a list'),
    tables: z
      .record(tableNameSchema, tableSchema, {
        error: 'must be a map of names, such as {people: {stream: users}}',
      })
      .describe('The files, by their names without `.csv`.'),
  })
  .describe('A Singer tap: a program that writes what it reads as messages.')

export type SingerOptions = z.output<typeof singerOptions>
