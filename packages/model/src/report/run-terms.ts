/**
 * What somebody wants to be done with what a run computes, before it computes it.
 *
 * @module
 */
import { z } from 'zod'

/** Two change sets with the same sum change the same resources and links to the same values. */
export const changesSumSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be the sum of a change set')

export const runTermsSchema = z.discriminatedUnion('kind', [
  /** It is held for a decision, whatever it changes; what changes nothing is applied. */
  z.strictObject({ kind: z.literal('hold') }),
  /** It is applied if its change set has this sum, the one of a plan; else it is held, because nobody has seen it. */
  z.strictObject({ kind: z.literal('as planned'), sum: changesSumSchema }),
])
export type RunTerms = Readonly<z.infer<typeof runTermsSchema>>

/** Why a run is held by which no threshold is exceeded. */
export const holdReasons = ['asked', 'moved'] as const
/** `asked`: somebody wants to decide about it. `moved`: it computes something else than the plan that was to be applied. */
export type HoldReason = (typeof holdReasons)[number]
