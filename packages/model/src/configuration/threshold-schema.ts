/**
 * Limits on what a run changes, as people write them.
 *
 * @module
 */
import { z } from 'zod'

/** `10%` or `2.5%`. */
const percentPattern = /^\d+(?:\.\d+)?%$/

const limitSchema = z
  .union(
    [
      z.literal('off'),
      z.string().regex(percentPattern, 'must be a percentage such as 10%, a number of rows, or off'),
      z.int().min(0),
      z
        .strictObject({
          count: z.int().min(0).optional().describe('More rows than this hold the run.'),
          percent: z
            .number()
            .min(0)
            .optional()
            .describe('More than this part of what is stored holds the run.'),
          atLeast: z
            .int()
            .min(0)
            .optional()
            .meta({ default: 0 })
            .describe('Fewer changes than this never trip `percent`.'),
        })
        .meta({ id: 'LimitDetails', title: 'Limit' }),
    ],
    { error: 'must be a percentage such as 10%, a number of rows, off, or {count, percent, atLeast}' },
  )
  .describe('`10%`, a number of rows, `off`, or a map; all that are set count.')
  .meta({ id: 'Limit', title: 'Limit' })

const off = z.literal('off')
const thresholdsError = { error: 'must be off, or a map such as {deleted: 10%, updated: 500}' }

const entityLimits = {
  inserted: limitSchema.optional().describe('Resources the run would insert.'),
  updated: limitSchema.optional().describe('Resources the run would update.'),
  deleted: limitSchema.optional().describe('Resources the run would delete.'),
  rejected: limitSchema
    .optional()
    .describe('Rows left out because they could not be read; percent of the rows read.'),
}

const disappearedSchema = limitSchema
  .optional()
  .describe(
    'Of a federated mapping: rows that the source does not mention any more, whatever becomes of their resources; percent of those that have one.',
  )

export const entityThresholdsSchema = z
  .union(
    [
      off,
      z
        .strictObject({ ...entityLimits, disappeared: disappearedSchema })
        .meta({ id: 'EntityLimits', title: 'Thresholds of an entity mapping' }),
    ],
    thresholdsError,
  )
  .describe(
    'Over these the run is held; `off` for none. When not given: deleted 10 %, updated 30 %, rejected 10 %; for fewer than 10 only deletions of more than a third, and when all rows are rejected.',
  )

export const associationThresholdsSchema = z
  .union(
    [
      off,
      z
        .strictObject({
          inserted: limitSchema.optional().describe('Links the run would insert.'),
          deleted: limitSchema.optional().describe('Links the run would delete.'),
          rejected: entityLimits.rejected,
        })
        .meta({ id: 'AssociationLimits', title: 'Thresholds of an association mapping' }),
    ],
    thresholdsError,
  )
  .describe(
    'Over these the run is held; `off` for none. When not given: deleted 10 %, rejected 10 %; for fewer than 10 only deletions of more than a third, and when all rows are rejected.',
  )

const windowSchema = z
  .union(
    [
      off,
      z
        .strictObject({
          days: z.int().min(1).optional().meta({ default: 7 }).describe('The runs of so many days.'),
          runs: z
            .int()
            .min(2)
            .optional()
            .describe('In place of days: so many runs, the present one included.'),
          deleted: limitSchema
            .optional()
            .describe(
              'How many resources or links of a mapping may be fewer at its end. When not given: 25 %.',
            ),
        })
        .meta({ id: 'Window', title: 'Window of thresholds' }),
    ],
    { error: 'must be off, or a map such as {days: 7, deleted: 25%}' },
  )
  .describe(
    'A limit on small losses that add up over several runs: how much of each mapping whose deletions have a limit may be lost. When not given: 25 % in 7 days. It starts again after a run that a person approved or forced.',
  )

export const sourceThresholdsSchema = z
  .union(
    [
      off,
      z
        .strictObject({
          ...entityLimits,
          linksInserted: limitSchema.optional().describe('Links the run would insert.'),
          linksDeleted: limitSchema.optional().describe('Links the run would delete.'),
          window: windowSchema.optional(),
        })
        .meta({ id: 'SourceLimits', title: 'Thresholds of a source' }),
    ],
    thresholdsError,
  )
  .describe(
    'Limits on the sums over all mappings, beside those of each; `off` also takes the defaults off the mappings.',
  )

export type LimitInput = z.infer<typeof limitSchema>
export type EntityThresholdsInput = z.infer<typeof entityThresholdsSchema>
export type AssociationThresholdsInput = z.infer<typeof associationThresholdsSchema>
export type WindowInput = z.infer<typeof windowSchema>
export type SourceThresholdsInput = z.infer<typeof sourceThresholdsSchema>
