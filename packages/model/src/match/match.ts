/**
 * Doubtful matches: rows of a source that several resources match, and what people decide of them.
 *
 * @module
 */
import { z } from 'zod'
import { matchStates } from '../life/match-life.ts'

export const matchDecisions = ['link', 'create', 'ignore'] as const
export type MatchDecision = (typeof matchDecisions)[number]

/** No text of PostgreSQL holds a NUL. */
const textSchema = z.string().refine((text) => !text.includes('\0'), 'must not hold a character NUL')

/** A row of a source. */
const matchedRowSchema = z.strictObject({
  source: textSchema,
  entityType: textSchema,
  key: textSchema.describe('Of the row.'),
})
export type MatchedRow = Readonly<z.infer<typeof matchedRowSchema>>

export const newDecisionSchema = matchedRowSchema
  .extend({
    decision: z
      .enum(matchDecisions)
      .describe('`link`: the row is of this resource. `create`: of a new one. `ignore`: of none.'),
    resource: z
      .string()
      .regex(/^[0-9]{1,18}$/, 'must be the id of a resource')
      .optional()
      .describe('Of `link`: the id of the resource.'),
  })
  .refine(({ decision, resource }) => (decision === 'link') === (resource !== undefined), {
    error: 'must be given with `link`, and with nothing else',
    path: ['resource'],
  })
export type NewDecision = Readonly<z.infer<typeof newDecisionSchema>>

/** So many a request may hold: they are read as one document. */
const mostDecisions = 10_000

export const newDecisionsSchema = z
  .array(newDecisionSchema)
  .min(1, 'must hold a decision')
  .max(mostDecisions, `must be at most ${mostDecisions}`)

export const matchedRowsSchema = z
  .array(matchedRowSchema)
  .min(1, 'must name a row')
  .max(mostDecisions, `must be at most ${mostDecisions}`)

export const matchRecordSchema = matchedRowSchema.extend({
  state: z.enum(matchStates),
  /** UTC; and the run that found it, `null` where somebody has decided. */
  since: z.string(),
  run: z.number().nullable(),
  /** By which rule of the source, from 1, on which values; `null`: the resource is gone that had been decided for. */
  rule: z.number().nullable(),
  matched: z.record(z.string(), z.string()).nullable(),
  /** How many resources matched, and the ids of the first of them. */
  count: z.number(),
  candidates: z.array(z.string()),
  decision: z.enum(matchDecisions).nullable(),
  /** That the row is of by the decision. */
  resource: z.string().nullable(),
  by: z.string().nullable(),
  decidedAt: z.string().nullable(),
  comment: z.string().nullable(),
})
export type MatchRecord = Readonly<z.infer<typeof matchRecordSchema>>

/** A property of the row, and of each resource that it may be of. */
const comparedPropertySchema = z.object({
  property: z.string(),
  /** It is one by which the resources were found. */
  searched: z.boolean(),
  /** What the row says, as the source writes it; empty: that there is no value; `null`: nothing. */
  says: z.string().nullable(),
  /** In the order of the candidates; `null`: no value. */
  values: z.array(z.string().nullable()),
})
export type ComparedProperty = Readonly<z.infer<typeof comparedPropertySchema>>

/** A match with its row and the resources side by side. */
export const shownMatchSchema = matchRecordSchema.extend({
  /** The resources of the candidates that are there still, as they are called. */
  resources: z.array(z.object({ resourceId: z.string(), display: z.string().nullable() })),
  /** Empty where the row is gone. */
  properties: z.array(comparedPropertySchema),
})
export type ShownMatch = Readonly<z.infer<typeof shownMatchSchema>>
