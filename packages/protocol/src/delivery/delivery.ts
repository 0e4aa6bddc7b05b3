/**
 * A delivery: one prepared set of files on its way from an agent to a server.
 *
 * Announce, upload, seal, status. Each step may be repeated: an announcement is known by its id, an
 * upload by its file name and checksum, a seal changes nothing the second time. The schemas are
 * what the inbox on disk holds and what HTTP carries; what a newer agent says beyond them is passed over.
 *
 * @module
 */
import {
  type DeliveryMode,
  deliveryStates,
  runTermsSchema,
  suspensionSchema,
  uuidSchema,
} from '@sluice/model'
import { z } from 'zod'

/** `<mapping>.sorted.csv`, `<mapping>.sorted.delta` or `rejected.jsonl`: no path, nothing hidden. */
export const deliveredFileNameSchema = z
  .string()
  .max(255)
  .regex(/^(?:[A-Za-z][A-Za-z0-9_]*\.sorted\.(?:csv|delta)|rejected\.jsonl)$/)

/** Files of one kind in a delivery: one for each mapping of its source. */
const mostFiles = 1000
/** The rows of each mapping, those that a complete has changed since, and the rows that could not be read. */
const mostDeclared = 2 * mostFiles + 1
/** As many as a table of PostgreSQL has. */
const mostColumns = 1600
/** Sentences of a report. */
const mostNotes = 10_000

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/)

const declaredFileSchema = z.object({
  name: deliveredFileNameSchema,
  /** Bytes, uncompressed. */
  size: z.int().nonnegative(),
  sha256: sha256Schema,
})
export type DeclaredFile = z.infer<typeof declaredFileSchema>

export const announcementSchema = z.object({
  /** Chosen by the agent, so that a repeated announcement is recognised. */
  id: uuidSchema,
  source: z.string().min(1),
  mode: z.enum(['initial', 'complete', 'incremental']) satisfies z.ZodType<DeliveryMode>,
  /** Incremental only: the delivery these changes build on. It may still wait to be applied; if it comes to nothing, they are refused. */
  base: uuidSchema.optional(),
  /**
   * What will be uploaded, once that is known: an announcement is repeated with it when the files are
   * prepared. No file may grow beyond what was declared of it.
   */
  files: z.array(declaredFileSchema).max(mostDeclared).optional(),
})
export type Announcement = z.infer<typeof announcementSchema>

/** A file whose rows stand at very odd lines is not worth more. */
export const mostPlaces = 1000

/** What prepare counted for one mapping. read = rejected + filtered + nullKey + duplicate + noLink + rows */
export const preparedFileSchema = z.object({
  /** Name inside the delivery: `<mapping>.sorted.csv` or `<mapping>.sorted.delta`. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.sorted\.(csv|delta)$/),
  mapping: z.string(),
  kind: z.enum(['sorted', 'delta']),
  /** Header of the file, without the command column of a delta. */
  columns: z.array(z.string()).min(1).max(mostColumns),
  size: z.int().nonnegative(),
  sha256: sha256Schema,
  /** Rows in the file. */
  rows: z.int().nonnegative(),
  read: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  nullKey: z.int().nonnegative(),
  duplicate: z.int().nonnegative(),
  noLink: z.int().nonnegative(),
  /** Rows that the filter of the mapping left out. */
  filtered: z.int().nonnegative().optional(),
  /** Of the rows read, all but the first of each record: where a column held several values, each is a row. */
  further: z.int().nonnegative().optional(),
  /** Delta made by comparing: rows read that were the same in the last acknowledged file. */
  unchanged: z.int().nonnegative().default(0),
  /** Delta: rows that say delete. Those of a comparison are not among the rows read. */
  deleted: z.int().nonnegative().default(0),
  /**
   * Delta of links in the file of an entity at this end, with that file's own commands: they are about the entity. Its links become
   * what its rows say, and go with it.
   */
  follows: z.enum(['from', 'to']).optional(),
  /**
   * Where the rows of the file stand in the source's: of the managed system's own commands all of them, of others those with values that
   * will be rejected. From each `row` (from 1) up to that of the next place, every row is one line further in the source file; null
   * where the lines are not known.
   */
  places: z
    .array(z.object({ row: z.int().positive(), file: z.string(), line: z.int().positive().nullable() }))
    .max(mostPlaces)
    .optional(),
})
export type PreparedFile = z.infer<typeof preparedFileSchema>

/** JSON Lines of `PreparedRejection`: rows prepare could not read, over all mappings. */
const rejectionsFileSchema = z.object({
  name: z.literal('rejected.jsonl'),
  size: z.int().nonnegative(),
  sha256: sha256Schema,
  rows: z.int().nonnegative(),
})

/**
 * Of a complete that follows incrementals: what changed since the delivery that the agent's reference stands for,
 * as an incremental would have asserted it. Where `base` is what was applied last, everything else that the
 * complete changes is drift: what the incrementals had missed.
 */
const sinceSchema = z.object({
  base: uuidSchema,
  /** `<mapping>.sorted.delta`, one per mapping. */
  files: z
    .array(
      z.object({
        name: deliveredFileNameSchema,
        mapping: z.string(),
        size: z.int().nonnegative(),
        sha256: sha256Schema,
        rows: z.int().nonnegative(),
      }),
    )
    .max(mostFiles),
})

/** What `seal` hands over: the files and their sums. A delivery without its manifest is not whole. `findContradiction` says what it may not state. */
export const manifestSchema = z.object({
  files: z.array(preparedFileSchema).max(mostFiles),
  rejections: rejectionsFileSchema.optional(),
  since: sinceSchema.optional(),
  /**
   * Of a complete with rows that could not be read: the delivery whose rows stand for them in what the next incremental
   * is compared with. Absent where nothing does.
   */
  keptFrom: uuidSchema.optional(),
  /** Applied unless a threshold holds it, when absent. */
  terms: runTermsSchema.optional(),
  /** Milliseconds the agent spent. */
  timings: z.object({ export: z.number(), prepare: z.number() }),
  notes: z.array(z.string()).max(mostNotes),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Bytes that a line of `rejected.jsonl` may have: prepare writes no longer one, and whoever reads it has to hold it. */
export const longestRejection = 8 << 20

/** A row of a source file that could not be read. */
export const preparedRejectionSchema = z.object({
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
  /** The row may hold a secret, so its text and fields are not told: no resource of the mapping is taken for deleted. */
  anyKey: z.literal(true).optional(),
})
export type PreparedRejection = z.infer<typeof preparedRejectionSchema>

export const deliveryStatusSchema = z.object({
  id: uuidSchema,
  source: z.string(),
  mode: z.enum(['initial', 'complete', 'incremental']) satisfies z.ZodType<DeliveryMode>,
  state: z.enum(deliveryStates),
  /** Why it was refused, cancelled, put aside or failed. */
  reason: z.string().nullable(),
  /** The run in which it was applied, held or refused, or the record that it was put aside. */
  run: z.int().nullable(),
})
export type DeliveryStatus = Readonly<z.infer<typeof deliveryStatusSchema>>

/** How far the server is with a source: what an agent needs to decide what it delivers next. */
export const sourceChainSchema = z.object({
  /** The delivery whose content the repository holds; `null` before the first. */
  appliedDelivery: uuidSchema.nullable(),
  /** The end of the chain: the last delivery that waits to be applied or decided about, or else the applied one. */
  lastDelivery: uuidSchema.nullable(),
  /** The run that a threshold holds; incrementals wait until it is decided. */
  heldRun: z.int().nullable(),
  /** The delivery that was put aside, because processes died of it; incrementals wait until somebody has looked at it. */
  asideDelivery: uuidSchema.nullable(),
  /** No run of the source begins, and deliveries wait; absent where the server does not know of such a thing. */
  suspension: suspensionSchema.nullable().optional(),
  /** The repository holds resources of the source: an initial is refused. */
  holdsResources: z.boolean(),
})
export type SourceChain = Readonly<z.infer<typeof sourceChainSchema>>

/** Why an export failed, as an error says it. */
export const exportFailureSchema = z.object({
  code: z.string().regex(/^SLUICE-[A-Z0-9-]{1,40}$/, 'must be the code of an error'),
  message: z.string().max(10_000),
  remedy: z.string().max(10_000).optional(),
})
export type ExportFailure = Readonly<z.infer<typeof exportFailureSchema>>

/**
 * The server as an agent sees it. In process it is the engine's inbox; over HTTP the same calls
 * become requests.
 */
export interface Inbox {
  /** How far the source is. Throws for a source that the server does not know. */
  chain(source: string): Promise<SourceChain>
  /**
   * Takes a place in the source's queue: order of announcement is order of application. An incremental may
   * build on one that waits before it, and ends as refused when that one comes to nothing. A complete
   * cancels the source's waiting incrementals and every held run. Repeating it is harmless, tells the
   * files once they are known, and keeps the delivery from expiring.
   */
  announce(announcement: Announcement): Promise<DeliveryStatus>
  /**
   * Stores one file of an announced delivery; `path` is read, not moved. Repeating it goes on where it was
   * cut off, or replaces the file.
   */
  upload(deliveryId: string, file: UploadedFile): Promise<void>
  /** Checks every file of the manifest against its sum, then makes the delivery `ready`. */
  seal(deliveryId: string, manifest: Manifest): Promise<DeliveryStatus>
  /** Gives an undelivered delivery up, or records why its preparation failed. */
  giveUp(deliveryId: string, state: 'cancelled' | 'refused', reason: string): Promise<DeliveryStatus>
  status(deliveryId: string): Promise<DeliveryStatus | undefined>
  /** Says why nothing will be delivered of a source this time, for whoever is notified of it. */
  exportFailed(source: string, failure: ExportFailure): Promise<void>
}

export interface UploadedFile extends DeclaredFile {
  /** Where it lies on the agent's disk. */
  readonly path: string
  /** Called with the bytes (uncompressed) that the server has of it, while they grow. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
