/**
 * A delivery as people are shown it: what it is, how far it came, what it carries.
 *
 * @module
 */
import { z } from 'zod'
import { deliveryStates } from '../life/delivery-life.ts'
import { runByKinds } from './report.ts'

export const deliveryRecordSchema = z.object({
  delivery: z.uuid(),
  source: z.string(),
  mode: z.enum(['initial', 'complete', 'incremental']),
  state: z.enum(deliveryStates),
  /** Why it was refused, cancelled, put aside or failed; who released it. */
  reason: z.string().nullable(),
  /** Of an incremental: the delivery it builds on. */
  base: z.uuid().nullable(),
  /** The last run that worked on it. */
  run: z.int().nullable(),
  /** Who announced it. */
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }),
  /** UTC. */
  announcedAt: z.string(),
  /** When all of it was there. */
  sealedAt: z.string().nullable(),
  /** When it was put aside; `null` where it is not. */
  asideAt: z.string().nullable(),
  /** Processes that died in the middle of its run, since it was released last. */
  deaths: z.int().nonnegative(),
  /** When it was over. */
  finishedAt: z.string().nullable(),
  /** As they were announced or sealed; bytes, uncompressed. */
  files: z.array(z.object({ name: z.string(), size: z.int().nonnegative() })),
})
export type DeliveryRecord = Readonly<z.infer<typeof deliveryRecordSchema>>
