/**
 * What has to be known to read a system over HTTP: the manifest of the connector `rest`, and of all that are made of it.
 *
 * @module
 */
import { durationSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import { separatorSchema, tableNameSchema } from '../contract/table-options.ts'
import { addressSchema, authenticationSchema, httpShape } from '../http/http-settings.ts'
import { wrongPlaceholders } from './placeholders.ts'

const pathSchema = z.string().min(1, 'must not be empty')
const textsSchema = z.record(z.string(), textSchema, { error: 'must be a map such as {active: true}' })

const sizeSchema = z
  .strictObject({
    parameter: pathSchema.describe('Its name, such as limit or per_page.'),
    value: z.int().min(1).max(100_000).describe('How many records are asked for at once.'),
  })
  .describe('The parameter that says how long a page is.')

const numberedShape = {
  parameter: pathSchema.describe('Its name.'),
  first: z.int().min(0).optional().describe('What it is of the first page.'),
  size: sizeSchema.optional(),
  in: z
    .enum(['query', 'body'])
    .optional()
    .meta({ default: 'query' })
    .describe('Where the parameters stand: in the address, or in the body of a POST.'),
  more: pathSchema
    .optional()
    .describe('Where the answer says whether there are more: false or nothing there ends the reading.'),
}

const totalShape = {
  total: pathSchema
    .optional()
    .describe('Where the answer says how many records there are in all. Where fewer came, the export fails.'),
  totalHeader: pathSchema.optional().describe('The header that says so, such as X-Total-Count.'),
}

const pagesSchema = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('none'), ...totalShape }).describe('One answer holds everything.'),
    z
      .strictObject({ by: z.literal('page'), ...numberedShape, ...totalShape })
      .describe('Pages are numbered, from 1 when not given. A page without records is behind the last one.'),
    z
      .strictObject({ by: z.literal('offset'), ...numberedShape, ...totalShape })
      .describe(
        'The parameter says how many records stand before, from 0 when not given. A page without records is behind the last one.',
      ),
    z
      .strictObject({
        by: z.literal('cursor'),
        parameter: pathSchema.describe('The parameter that takes what the answer gave.'),
        first: z
          .string()
          .optional()
          .describe('What the first request takes along, where it has to name the parameter, too.'),
        next: pathSchema.describe('Where the answer gives it; nothing there ends the reading.'),
        size: sizeSchema.optional(),
        in: numberedShape.in,
        ...totalShape,
      })
      .describe('Each answer gives a text that the next request takes along.'),
    z
      .strictObject({
        by: z.literal('link'),
        next: pathSchema.describe(
          'Where the answer gives it, such as `@odata.nextLink`; nothing there ends the reading.',
        ),
        size: sizeSchema.optional(),
        ...totalShape,
      })
      .describe('Each answer holds the address of the next page.'),
    z
      .strictObject({ by: z.literal('link-header'), size: sizeSchema.optional(), ...totalShape })
      .describe('Each answer has the address of the next page in its header Link (RFC 8288, rel="next").'),
  ])
  .describe('How the pages of an answer follow one another; one answer holds everything when not given.')
  .meta({ id: 'RestPages', title: 'Pages' })

export type Pages = z.output<typeof pagesSchema>

const changesSchema = z
  .discriminatedUnion('by', [
    z
      .strictObject({
        by: z.literal('time'),
        changed: pathSchema.describe('Where a record says when it was changed last.'),
        query: textsSchema.describe(
          'Parameters that ask for what was changed since: `{since}` stands for the time. They take the place of those of the same name.',
        ),
        overlap: durationSchema
          .optional()
          .meta({ default: '10m' })
          .describe('How much older than the latest change records may be that are asked for again.'),
        deleted: pathSchema
          .optional()
          .describe(
            'Where a record says that it is deleted: something other than false, 0, no or nothing; or a certain text, as in `status=DELETED`.',
          ),
      })
      .describe(
        'Records with a later time. Deleted ones are not seen, but where the system keeps and marks them.',
      ),
    z
      .strictObject({
        by: z.literal('delta'),
        link: pathSchema.describe(
          'Where the last page gives the address of what changes from then on: `@odata.deltaLink`.',
        ),
        removed: pathSchema.describe(
          'What a record, or a part of `each`, has that is not there any more: `@removed`.',
        ),
        expired: z
          .array(textSchema)
          .optional()
          .meta({ default: '[410, resyncRequired, syncStateNotFound]' })
          .describe(
            'Statuses and words by which the system says that it cannot tell any more. Everything is read then.',
          ),
      })
      .describe('The system itself says what has changed and what was deleted, from a link on.'),
  ])
  .describe('How an incremental finds what has changed. Everything is read and compared when not given.')
  .meta({ id: 'RestChanges', title: 'Changes' })

const tableShape = {
  path: z
    .string({ error: 'must be a path such as /users' })
    .describe(
      'Behind the address of the system. `{parent.id}` stands for a value of the record above, of `for`.',
    ),
  method: z.enum(['GET', 'POST']).optional().meta({ default: 'GET' }).describe('How is asked.'),
  query: textsSchema
    .optional()
    .describe('Parameters. `{columns}` stands for the names of all that is needed, separated by commas.'),
  headers: textsSchema.optional().describe('Headers, beside those of all tables.'),
  body: z.record(z.string(), z.unknown()).optional().describe('What a POST sends, as JSON.'),
  records: pathSchema
    .optional()
    .describe(
      'Where the answer holds the list of records, such as `value` or `data.items`. The answer is the list when not given.',
    ),
  mayBeAbsent: z
    .boolean()
    .optional()
    .meta({ default: false })
    .describe('An answer without the list holds no records. It is an error when not given.'),
  for: z
    .string()
    .optional()
    .describe(
      'Another table: it is asked once for each of its records, such as for the members of each group.',
    ),
  gone: z
    .array(z.int().min(400).max(599))
    .optional()
    .describe('Of `for`: statuses by which the system says that the record above is not there any more.'),
  each: pathSchema
    .optional()
    .describe(
      'A list within each record: the file has a row for each of its values, in place of one for each record.',
    ),
  columns: z
    .record(z.string(), pathSchema)
    .optional()
    .describe(
      'Where the values of a column are, by its name. A column that is not here has its own name for a path: `profile.city`, `emails[type=work].value`, of the record above `groups.id`.',
    ),
  key: pathSchema.optional().describe('The column that identifies a record, for suggested mappings.'),
  references: z
    .record(z.string(), z.string())
    .optional()
    .describe('Columns whose values are keys of other tables, for suggested mappings.'),
  pages: pagesSchema.optional(),
  changes: changesSchema.optional(),
}

/** A file: what is asked, and where the rows are in the answer. */
const tableSchema = z.strictObject(tableShape).meta({ id: 'RestTable', title: 'Table' })

/** Settings of a table that is there already, or another one. */
export const givenTableSchema = tableSchema
  .partial()
  .describe('Another table, or other settings of one that the connector has: they take the place of its own.')
  .meta({ id: 'GivenRestTable', title: 'Table' })

/** Without what holds the whole together; `restOptions` checks that. */
const restShape = {
  address: addressSchema.describe('Where the system is; paths of tables stand behind it.'),
  ...httpShape,
  authentication: authenticationSchema.optional(),
  headers: textsSchema.optional().describe('Headers of each request.'),
  query: textsSchema.optional().describe('Parameters of each request.'),
  pages: pagesSchema.optional(),
  separator: separatorSchema('a list'),
}

/** Of the tables together. */
export function refuseProblems(
  { tables }: { readonly tables: Readonly<Record<string, RestTable>> },
  context: z.core.$RefinementCtx,
): void {
  for (const { path, message } of problemsOf(tables))
    context.addIssue({ code: 'custom', path: ['tables', ...path], message })
}

export const restOptions = z
  .strictObject({
    ...restShape,
    tables: z
      .record(tableNameSchema, tableSchema, {
        error: 'must be a map of names, such as {users: {path: /users}}',
      })
      .describe('The files, by their names without `.csv`. A file has the columns that mappings name.'),
  })
  .superRefine(refuseProblems)
  .describe('Any system that answers with JSON over HTTP.')

export type Manifest = z.output<typeof restOptions>
export type RestTable = z.output<typeof tableSchema>
export type TimeChanges = Extract<RestTable['changes'], { readonly by: 'time' }>
export type DeltaChanges = Extract<RestTable['changes'], { readonly by: 'delta' }>

interface Problem {
  readonly path: readonly string[]
  readonly message: string
}

/** What is wrong with tables, each by itself well-formed. */
function problemsOf(tables: Readonly<Record<string, RestTable>>): readonly Problem[] {
  return Object.entries(tables).flatMap(([name, table]) => {
    const above = ancestorsOf(name, tables)
    const problems: Problem[] = []
    if (above === undefined)
      problems.push({
        path: [name, 'for'],
        message: `must name another table that leads to no ring: ${Object.keys(tables)
          .filter((one) => one !== name)
          .join(', ')}`,
      })
    if (table.changes?.by === 'time' && (table.each ?? table.for) !== undefined)
      problems.push({
        path: [name, 'changes'],
        message:
          'cannot be by time in a table of each or for: nobody says which of the values have gone. Leave it out, and they are compared',
      })
    for (const { path, text } of wrongPlaceholders(table, above ?? []))
      problems.push({
        path: [name, ...path],
        message: `must not have {${text}}, which stands for nothing here`,
      })
    return problems
  })
}

/** The tables above, nearest first; `undefined` where one is not there, or the way leads back. */
export function ancestorsOf(
  name: string,
  tables: Readonly<Record<string, RestTable>>,
): readonly string[] | undefined {
  const above: string[] = []
  for (let at = tables[name]?.for; at !== undefined; at = tables[at]?.for) {
    if (!Object.hasOwn(tables, at) || at === name || above.includes(at)) return undefined
    above.push(at)
  }
  return above
}
