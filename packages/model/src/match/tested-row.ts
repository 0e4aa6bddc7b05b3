/**
 * What a row of a source would find, and why: as whoever tries rules out asks, and is told.
 *
 * @module
 */
import { z } from 'zod'
import { normalizers } from '../source/key-normalizers.ts'

/** So many rows are tried out at once. */
const mostRows = 1000

/** By property; and `primary_key`, the key of the row. What is not named, or is null, the row says nothing of; an empty text, that there is no value. */
const rowSchema = z.record(z.string(), z.string().nullable())

export const testedRowsSchema = z
  .array(rowSchema)
  .min(1, 'must hold a row')
  .max(mostRows, `must be at most ${mostRows}`)
  .describe(
    'Values by property; `primary_key` is the key of the row. A property that is not named has no value.',
  )
export type RowToTest = Readonly<z.infer<typeof rowSchema>>

const resourceSchema = z.object({ resourceId: z.string(), display: z.string() })

const testedKeySchema = z.object({
  property: z.string(),
  normalize: z.array(z.enum(normalizers)),
  /** What the row says; `null`: nothing. */
  says: z.string().nullable(),
  /** What is compared; `null`: nothing is, so the rule finds nothing. */
  key: z.string().nullable(),
  /** Why nothing is compared: the row says nothing of it; what it says means nothing; it cannot be found (no legal value, a name of nobody). */
  without: z.enum(['unsaid', 'worthless', 'impossible']).nullable(),
  /** How many resources have this key, whatever the others; `null`: nothing is compared. */
  alone: z.number().nullable(),
})

const testedRuleSchema = z.object({
  /** From 1. */
  rule: z.number(),
  keys: z.array(testedKeySchema),
  /** How many resources have all of them, and the first of these. */
  count: z.number(),
  resources: z.array(resourceSchema),
  /** It is the first rule that finds anything: those behind it are not heard. */
  decides: z.boolean(),
})
export type TestedRule = Readonly<z.infer<typeof testedRuleSchema>>

export const testedRowSchema = z.object({
  /** From 1, in the order in which they were given. */
  row: z.number(),
  key: z.string(),
  /** `wait`: somebody is to decide. `ignore`: somebody has decided so. `error`: the row could not be applied. */
  outcome: z.enum(['link', 'create', 'wait', 'ignore', 'error']),
  /** Of `link`. */
  resource: resourceSchema.nullable(),
  /** The rule that decides; `null`: none does. */
  rule: z.number().nullable(),
  /** A person has decided so, whatever the rules say. */
  decided: z.boolean(),
  error: z.object({ code: z.string(), text: z.string() }).nullable(),
  rules: z.array(testedRuleSchema),
})
export type TestedRow = Readonly<z.infer<typeof testedRowSchema>>
