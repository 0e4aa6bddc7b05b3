/**
 * A delivery: one prepared set of files on its way from an agent to a server.
 *
 * Announce, upload, seal, status. Each step may be repeated: an announcement is known by its id, an
 * upload by its file name and checksum, a seal changes nothing the second time. The schemas are
 * what the inbox on disk holds and what HTTP will carry.
 *
 * @module
 */
import type { DeliveryMode } from '@sluice/model'
import { z } from 'zod'

export const announcementSchema = z.strictObject({
  /** Chosen by the agent, so that a repeated announcement is recognised. */
  id: z.uuid(),
  source: z.string().min(1),
  mode: z.enum(['initial', 'complete', 'incremental']) satisfies z.ZodType<DeliveryMode>,
  /** Incremental only: the delivery these changes build on. */
  base: z.uuid().optional(),
})
export type Announcement = z.infer<typeof announcementSchema>

/** What prepare counted for one mapping. read = rejected + nullKey + duplicate + noLink + rows */
export const preparedFileSchema = z.strictObject({
  /** Name inside the delivery: `<mapping>.sorted.csv` or `<mapping>.sorted.delta`. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.sorted\.(csv|delta)$/),
  mapping: z.string(),
  kind: z.enum(['sorted', 'delta']),
  /** Header of the file, without the command column of a delta. */
  columns: z.array(z.string()).min(1),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Rows in the file. */
  rows: z.int().nonnegative(),
  read: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  nullKey: z.int().nonnegative(),
  duplicate: z.int().nonnegative(),
  noLink: z.int().nonnegative(),
  /** Delta made by comparing: rows read that were the same in the last acknowledged file. */
  unchanged: z.int().nonnegative().default(0),
  /** Delta: rows that say delete. Those of a comparison are not among the rows read. */
  deleted: z.int().nonnegative().default(0),
})
export type PreparedFile = z.infer<typeof preparedFileSchema>

/** JSON Lines of `PreparedRejection`: rows prepare could not read, over all mappings. */
const rejectionsFileSchema = z.strictObject({
  name: z.literal('rejected.jsonl'),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int().nonnegative(),
})

/** What `seal` hands over: the files and their sums. A delivery without its manifest is not whole. */
export const manifestSchema = z.strictObject({
  files: z.array(preparedFileSchema),
  rejections: rejectionsFileSchema.optional(),
  /** Milliseconds the agent spent. */
  timings: z.strictObject({ export: z.number(), prepare: z.number() }),
  notes: z.array(z.string()),
})
export type Manifest = z.infer<typeof manifestSchema>

/** A row of a source file that could not be read. */
export const preparedRejectionSchema = z.strictObject({
  mapping: z.string(),
  /** Path of the source file, relative to the source's folder. */
  file: z.string(),
  /** First physical line of the row. */
  line: z.int().positive(),
  column: z.string().nullable(),
  /** The row's text, cut after 500 characters. */
  text: z.string(),
  reason: z.string(),
  /**
   * Every field the row seems to hold. A stored resource whose key is among them is not taken for
   * deleted: its row was there, only unreadable.
   */
  fields: z.array(z.string()),
})
export type PreparedRejection = z.infer<typeof preparedRejectionSchema>

/**
 * announced → ready → applied | held | failed | refused; held → applied | rejected | cancelled;
 * announced or ready → cancelled (given up, or overtaken by a complete).
 */
export const deliveryStates = [
  'announced',
  'ready',
  'applied',
  'held',
  'rejected',
  'cancelled',
  'refused',
  'failed',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

export interface DeliveryStatus {
  readonly id: string
  readonly source: string
  readonly mode: DeliveryMode
  readonly state: DeliveryState
  /** Why it was refused, cancelled or failed. */
  readonly reason: string | null
  /** The run that worked on it. */
  readonly run: number | null
}

/**
 * The server as an agent sees it. In process it is the engine's inbox; over HTTP the same calls
 * become requests.
 */
export interface Inbox {
  /**
   * Takes a place in the source's queue: order of announcement is order of application. A complete
   * cancels the source's waiting incrementals and every held run. Repeating it is harmless.
   */
  announce(announcement: Announcement): Promise<DeliveryStatus>
  /** Stores one file of an announced delivery; `path` is read, not moved. Repeating it replaces the file. */
  upload(deliveryId: string, file: { readonly name: string; readonly path: string }): Promise<void>
  /** Checks every file of the manifest against its sum, then makes the delivery `ready`. */
  seal(deliveryId: string, manifest: Manifest): Promise<DeliveryStatus>
  /** Gives an undelivered delivery up, or records why its preparation failed. */
  giveUp(deliveryId: string, state: 'cancelled' | 'refused', reason: string): Promise<DeliveryStatus>
  status(deliveryId: string): Promise<DeliveryStatus | undefined>
}
