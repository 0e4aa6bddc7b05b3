/**
 * How the values of columns are written, and how properties get them, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { attributePolicies } from '../source/federation.ts'
import { thousandsSeparators } from '../source/number-form.ts'
import { percents } from '../source/source.ts'
import { absentSchema, nameSchema, textSchema, timeZoneSchema } from './common-schema.ts'
import { shapeSchema, valueSchema } from './shape-schema.ts'
import { precedenceSchema } from './sharing-schema.ts'

export const columnSchema = textSchema.describe('Name of the column, as the header writes it.')

const wordsSchema = z
  .strictObject({
    true: z.array(textSchema).min(1, 'must hold at least one word').describe('Words that stand for true.'),
    false: z.array(textSchema).min(1, 'must hold at least one word').describe('Words that stand for false.'),
  })
  .describe(
    'Boolean: the words that stand for true and false, compared exactly; `true` and `false` when not given.',
  )
  .meta({ id: 'Words', title: 'Words' })

/** How the values of a column are written. */
export const valueFormatSchema = z.strictObject({
  format: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe(
      'Date and datetime: how they are written, from yyyy, MM, dd, HH, mm, ss and SSS, and M, d, H for one or two digits; ISO 8601 when not given.',
    ),
  decimalSeparator: z
    .enum([',', '.'])
    .optional()
    .meta({ default: '.' })
    .describe('Decimal: what stands before the fraction.'),
  thousandsSeparator: z
    .enum(thousandsSeparators)
    .optional()
    .describe(
      "Decimal and integer: what may stand between groups of digits; nothing when not given. A blank stands for those that do not break the line, too (U+00A0, U+202F, U+2007, U+2009), and `'` for the apostrophe U+2019.",
    ),
  exponents: z
    .boolean()
    .optional()
    .describe(
      'Decimal and integer: whether `1.5E3` is 1500. When not given: of a decimal, and not of an integer, where it is what a spreadsheet has left of a long number.',
    ),
  trailingMinus: z
    .boolean()
    .optional()
    .meta({ default: true })
    .describe('Decimal and integer: whether `7-` is -7.'),
  percent: z
    .enum(percents)
    .optional()
    .describe(
      'Decimal and integer: what a percent sign says: `50%` is 0.5 as `fraction`, and 50 as `number`; such a value is rejected when not given. A number without the sign is itself.',
    ),
  timeZone: timeZoneSchema,
  words: wordsSchema.optional(),
})

export const propertyMappingSchema = z
  .union(
    [
      textSchema,
      z
        .strictObject({
          column: columnSchema
            .optional()
            .describe('Name of the column, as the header writes it; that of the property when not given.'),
          ...valueFormatSchema.shape,
          absent: absentSchema,
          columns: z
            .array(textSchema, { error: 'must be a list of columns' })
            .min(1, 'must name at least one column')
            .optional()
            .describe(
              'In place of `column`: several, with `join`. Of a reference without it: the columns that name its target together, in the order of `by`; an open table has a column for each of them, such as `location_site`.',
            ),
          ...shapeSchema.shape,
          value: valueSchema.optional(),
          by: z
            .union([nameSchema, z.array(nameSchema).min(1, 'must name at least one property')], {
              error: 'must be a property, or a list such as [site, room]',
            })
            .optional()
            .describe(
              'Reference: `resource_id`, or the property of the target type whose values the column holds; its key when not given. They are read as that property; where the column says nothing of their format, it is the one in which this source writes that property. A list: properties that name it together, whose values all have to be equal.',
            ),
          encoding: z
            .enum(['base64', 'hex'])
            .optional()
            .meta({ default: 'base64' })
            .describe('File: how the column holds the content.'),
          fileNameColumn: textSchema.optional().describe('File: the column that holds the name.'),
          mediaTypeColumn: textSchema.optional().describe('File: the column that holds the media type.'),
          policy: z
            .enum(attributePolicies)
            .optional()
            .meta({ default: 'master_locked' })
            .describe(
              '`master_locked`: nobody else may change it, and what somebody changed is repaired. `master_unlocked`: it is written when the row changes, and people may change it in between. `write_if_empty`: it is written where there is no value.',
            ),
          precedence: precedenceSchema.optional(),
          update: z
            .boolean()
            .optional()
            .meta({ default: true })
            .describe('`false`: the column serves to find resources, and its values are not written.'),
          reconcile: z
            .boolean()
            .optional()
            .meta({ default: false })
            .describe(
              'Resources are found by this property: all that say so make up the one rule, where `reconciliation` lists none.',
            ),
        })
        .meta({ id: 'PropertyMappingDetails', title: 'Property mapping' }),
    ],
    { error: 'must be the name of a column, or a map such as {column: born, format: dd/MM/yyyy}' },
  )
  .describe('A column, or a map with the column and how its values are written.')
  .meta({ id: 'PropertyMapping', title: 'Property mapping' })

export type PropertyMappingInput = z.infer<typeof propertyMappingSchema>
export type ValueFormatInput = z.infer<typeof valueFormatSchema>
