/**
 * What is not in the repository as its sources assert it: names of what is not there, and rows that cannot be taken.
 *
 * @module
 */
import { z } from 'zod'
import { rejectedRowSchema } from './report-schema.ts'

const count = z.int().nonnegative()

/** A name that references or links of a source wait for. */
export const orphanSchema = z.object({
  source: z.string(),
  kind: z.enum(['reference', 'link']),
  /** `Person.manager`, or the association and its end: `Approver.to`. */
  of: z.string(),
  /** What is missing: an entity type, the property by which it is named, and the name. */
  type: z.string(),
  by: z.string(),
  value: z.string(),
  /** Resources that answer to it: none, or more than one, of which nobody can tell which is meant; 20 where there are more. */
  found: count,
  /** Their ids. An older server does not tell them. */
  candidates: z.array(z.string()).default([]),
  /** References or links that wait for it; and one of them, by what it is called. */
  waiting: count,
  example: z.string().nullable(),
})
export type Orphan = Readonly<z.infer<typeof orphanSchema>>

/** A row that the last applied run of its source has left out: what the source asserts of it is not in the repository. */
export const standingRejectionSchema = rejectedRowSchema.extend({ source: z.string(), run: count })
export type StandingRejection = Readonly<z.infer<typeof standingRejectionSchema>>

/** Rows that are rejected for the same reason. */
export const rejectionReasonSchema = z.object({
  source: z.string(),
  run: count,
  mapping: z.string(),
  column: z.string().nullable(),
  reason: z.string(),
  rows: count,
  /** Where the first of them stands. */
  file: z.string(),
  line: z.number().nullable(),
})
export type RejectionReason = Readonly<z.infer<typeof rejectionReasonSchema>>

/** Of which sources; all when absent. */
export interface LeftOutQuery {
  readonly sources?: readonly string[] | undefined
  readonly limit?: number | undefined
}
