/**
 * How values are made of columns, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { plainTransforms, unicodeForms } from '../source/shape.ts'
import { textSchema } from './common-schema.ts'

const patternSchema = z.string().min(1, 'must not be empty').describe('A regular expression (RE2).')

const transformSchema = z
  .union([
    z
      .enum(plainTransforms)
      .describe(
        '`trim`: without blanks around it; `collapse`: every run of blanks is one; `upper`, `lower`; `not`: true for false and false for true; `filetime`: a Windows time (100 nanoseconds since 1601) as a datetime; `generalizedTime`: that of LDAP as a datetime; `guid`, `sid`: those of Windows, of base64, hexadecimal digits or their text; `rdn`: the value of the first part of a distinguished name; `parentDn`: what comes behind that part.',
      ),
    z.strictObject({ unicode: z.enum(unicodeForms).describe('In a normal form of Unicode.') }),
    z.strictObject({
      replace: patternSchema.describe('Every match of a regular expression (RE2) is replaced.'),
      with: z.string().describe('By this; `$1` is its first group.'),
    }),
    z.strictObject({
      extract: patternSchema.describe(
        'The first group of the first match of a regular expression (RE2), or the match itself; nothing where there is none.',
      ),
    }),
    z.strictObject({
      take: z.int().describe('The nth part, from 1; -1 is the last.'),
      by: z.string().min(1, 'must not be empty').describe('What stands between the parts.'),
    }),
    z.strictObject({
      pad: z.int().min(1).max(1000).describe('Filled from the left to so many characters.'),
      with: z.string().length(1, 'must be one character').optional().meta({ default: '0' }),
    }),
    z.strictObject({
      flag: z
        .int()
        .min(1)
        .max(2 ** 31)
        .describe('Whether this bit (1, 2, 4, 8 …) of a whole number is set, as true or false.'),
    }),
  ])
  .describe('A step that makes another text of a text; of an empty one it makes nothing.')
  .meta({ id: 'Transform', title: 'Transform' })

const tableSchema = z
  .strictObject({
    values: z
      .record(z.string(), textSchema)
      .optional()
      .describe('From each text of the source to the text that replaces it.'),
    file: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('In place of `values`: a CSV file, relative to the file this stands in.'),
    from: textSchema.optional().describe('Of a file: the column with the texts of the source.'),
    to: textSchema.optional().describe('Of a file: the column with the texts in their place.'),
    otherwise: z
      .enum(['reject', 'keep', 'empty'])
      .optional()
      .meta({ default: 'reject' })
      .describe(
        'What happens to a text that is not in the table: its row is rejected, it stays as it is, or it is made empty.',
      ),
  })
  .describe('A table that replaces values.')
  .meta({ id: 'ValueTable', title: 'Table of values' })

/** What properties and ends share. */
export const shapeSchema = z.strictObject({
  join: z
    .string()
    .optional()
    .describe(
      'With `columns`: their texts are put together with this between them; empty ones are left out.',
    ),
  expression: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe(
      'In place of `column`: an expression in CEL. `row.name` is the text of the column `name`, `row["last name"]` that of a column whose name is not a word.',
    ),
  transforms: z
    .array(transformSchema, { error: 'must be a list of transforms, such as [trim, lower]' })
    .min(1, 'must name at least one transform')
    .optional()
    .describe('What is done with the text, step by step.'),
  table: tableSchema.optional(),
  default: textSchema.optional().describe('In place of an empty value.'),
})

export const valueSchema = textSchema.describe('In place of `column`: the same value for every row.')

export const splitSchema = z
  .string()
  .min(1, 'must not be empty')
  .describe('What stands between several values of the column: each of them is a link.')

export const whereSchema = z
  .string({ error: 'must be an expression such as row.status != "left"' })
  .min(1, 'must not be empty')
  .describe(
    'An expression in CEL that is true or false: rows for which it is false are left out, and counted. `row.status` is the text of the column `status`.',
  )

export type ShapeInput = z.infer<typeof shapeSchema>
export type TransformInput = z.infer<typeof transformSchema>
export type TableInput = z.infer<typeof tableSchema>
