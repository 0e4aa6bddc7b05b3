/**
 * Taking a run back: what is asked for, what stands in the way, and what sources will bring again.
 *
 * @module
 */
import { z } from 'zod'

/** What a run of the cause `revert` comes from, as it is kept with the run. */
export const revertRequestSchema = z.strictObject({
  /** The run that is taken back. */
  revert: z.int().positive(),
  /** What conflicts stays as it is. */
  skipConflicts: z.boolean().default(false),
  /** Sources that would bring it again are suspended. */
  suspend: z.boolean().optional(),
})
export type RevertRequest = Readonly<z.infer<typeof revertRequestSchema>>

/** What a run of the cause `retry` comes from: the run whose rejected rows are tried again. */
export const retryRequestSchema = z.strictObject({ retry: z.int().positive() })
export type RetryRequest = Readonly<z.infer<typeof retryRequestSchema>>

/** Why a change cannot be taken back as if nothing had come since. */
export const conflictReasons = [
  /** something else was written since */
  'changed',
  /** the resource or link that was changed is not there any more */
  'gone',
  /** what was deleted has been brought again under another id */
  'again',
  /** something that the run does not take back points to it, or a source has found it */
  'in_use',
  /** what a reference or link pointed to is not there any more */
  'target_gone',
  /** the end that may have one link has another one */
  'taken',
  /** the model does not take the former value any more */
  'unfitting',
  /** something else was written since, by a run whose change the history does not keep, or outside of Sluice */
  'unkept',
  /** the history does not hold the former value */
  'not_recorded',
  /** the former value was a secret, which no history holds */
  'secret',
] as const
export type ConflictReason = (typeof conflictReasons)[number]

/** A change of the run that cannot be taken back as if nothing had come since. */
export const revertConflictSchema = z.object({
  /** The entity type or association. */
  of: z.string(),
  /** Of a resource; null of a link. */
  resourceId: z.string().nullable(),
  /** What people call the resource, or the two ends of the link. */
  name: z.string(),
  /** Absent of a whole resource or link. */
  property: z.string().nullable(),
  reason: z.enum(conflictReasons),
  /** The run that has written since; null: somebody else did, or none is to blame. */
  run: z.int().nullable(),
  /** That run's source, and who made it happen. */
  source: z.string().nullable(),
  by: z.string().nullable(),
})
export type RevertConflict = Readonly<z.infer<typeof revertConflictSchema>>
