/**
 * What is said of files that a system drops: where, which of several, how old they may be, and how it says that all are there.
 *
 * @module
 */
import { z } from 'zod'
import { severalWords } from '../source/file-pattern.ts'
import { intervalSchema, pathSchema } from './common-schema.ts'

export const folderSchema = z.union(
  [
    pathSchema,
    z
      .strictObject({
        complete: pathSchema.describe('Of the files that hold everything.'),
        incremental: pathSchema.describe('Of the files that hold changes, with a column of commands.'),
      })
      .meta({ id: 'Folders', title: 'Folders' }),
  ],
  { error: 'must be a folder, or a map such as {complete: export/full, incremental: export/changes}' },
)

export const maxAgeSchema = intervalSchema.optional()

export const markerSchema = pathSchema
  .optional()
  .describe(
    "A file beside the source's, relative to their folder, that the system writes when all of them are there: they are taken only while it is there, and not older than any of them.",
  )

/** Of one mapping. */
export const fileChoiceSchema = z.strictObject({
  several: z
    .enum(severalWords)
    .optional()
    .meta({ default: 'refuse' })
    .describe(
      'Of a file with `*` or `?` in its name, where several fit: `last` takes the last by name, numbers in it as numbers, `newest` the one that was written last, `all` takes them as the part files of one table, in the order of their names, and `refuse` takes none.',
    ),
  maxAge: maxAgeSchema.describe('How old this file may be, in place of what the source says.'),
})

export type FileChoiceInput = z.infer<typeof fileChoiceSchema>
