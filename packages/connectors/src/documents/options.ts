/**
 * What has to be known to read files: the options of the connector `files`.
 *
 * @module
 */
import { isPattern, pathSchema, severalWords } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema, tableNameSchema } from '../contract/table-options.ts'
import { formatNames, formatOf } from '../formats/formats.ts'
import { placeOptions } from '../places/options.ts'

const tableSchema = z
  .strictObject({
    path: pathSchema.describe(
      'The file, from the place on; its name may hold * and ?, except on web servers: people-*.json.',
    ),
    several: z
      .enum(severalWords)
      .optional()
      .meta({ default: 'refuse' })
      .describe(
        'Where several files fit: `last` takes the last by name, numbers in it as numbers, `newest` the one that was written last, `all` takes all of them in the order of their names, and `refuse` takes none.',
      ),
    format: z
      .enum(formatNames)
      .optional()
      .describe('How it is written; what the end of its name says when not given.'),
    records: z
      .string()
      .regex(/^(\/[^/]+)+$/, 'must be names with a slash before each, such as /data/people')
      .optional()
      .describe(
        'Where in JSON the list of records is, or in XML the elements that are records: /people/person. `*` fits every name. A list at the top of JSON needs none.',
      ),
    sheet: z
      .union([z.int().min(1), z.string().min(1)], {
        error: 'must be the name of a sheet, or its number from 1',
      })
      .optional()
      .meta({ default: 1 })
      .describe('Of Excel: the sheet, by its name or its number.'),
    skipRows: z
      .int()
      .min(0)
      .optional()
      .meta({ default: 0 })
      .describe('Of Excel: rows before the one that names the columns.'),
    objectClass: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('Of LDIF: only entries of this class.'),
    links: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe(
        'A list in each record: the file has a row for each of its items, in place of one for each record. What stands in an item is named with it: groups.id.',
      ),
    optional: z
      .array(z.string(), { error: 'must be a list of columns' })
      .optional()
      .describe('Columns that no record may have, without that being taken for a mistake.'),
    changes: pathSchema
      .optional()
      .describe(
        'Files with changes, as path names files. Of LDIF they are laid over the entries of path; of all other formats their rows have a column `command`, and an incremental brings those of files that it has not read yet.',
      ),
  })
  .superRefine(refuseUnfit)
  .describe('A file: the records of a document, or of several.')
  .meta({ id: 'FilesTable', title: 'Table' })

export type FilesTable = z.output<typeof tableSchema>

/** What belongs to which formats. */
const belongs = {
  records: ['json', 'xml'],
  sheet: ['excel'],
  skipRows: ['excel'],
  objectClass: ['ldif'],
  links: ['json', 'jsonl', 'parquet', 'xml', 'ldif'],
} as const

function refuseUnfit(
  table: z.output<z.ZodObject> & Partial<Record<keyof typeof belongs, unknown>>,
  context: z.RefinementCtx,
) {
  const path = String(table['path'])
  const format = formatNames.find((name) => name === table['format']) ?? formatOf(path)
  const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
  if (format === undefined)
    return refuse('path', `does not say its format: add format: ${formatNames.join(', ')}`)
  for (const [key, formats] of Object.entries(belongs)) {
    const some: readonly string[] = formats
    if (table[key] !== undefined && !some.includes(format))
      refuse(key, `means nothing for ${format}: it is of ${formats.join(', ')}`)
  }
  if (format === 'xml' && table.records === undefined)
    refuse('path', 'holds XML, so records has to say which elements are meant, such as /people/person')
  if (table['several'] !== undefined && !isPattern(path))
    refuse('several', 'means nothing for a path without * and ?')
}

export const filesOptions = z
  .strictObject({
    ...placeOptions,
    marker: pathSchema
      .optional()
      .describe('A file that the system writes when all others are whole: without it nothing is read.'),
    separator: separatorSchema('a list'),
    tables: z
      .record(tableNameSchema, tableSchema, {
        error: 'must be a map of names, such as {people: {path: people.json}}',
      })
      .describe('The files, by their names without `.csv`.'),
  })
  .describe('Files of a folder, a web server, an SFTP server or a bucket.')

export type FilesOptions = z.output<typeof filesOptions>
