/**
 * One place in the outbox of a source: a prepared delivery and the note that says how far it came, `delivery.json`.
 * Several of them make the queue of `outbox-queue.ts`.
 *
 * The note is what lets each step be another process and any of them be killed. The note is written first as `announced`, so
 * that a place taken in the server's queue is given back by whoever comes next; as `prepared` once every file is there,
 * from when on the delivery is sent with the same id until the server has it; and as `delivered` after that.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { checkLocks, makePrivateFolder, NoteTooLargeError, readIfThere, writeDurably } from '@sluice/files'
import { manifestSchema } from '@sluice/protocol'
import { z } from 'zod'
import { UnreadableNoteError } from './outbox-errors.ts'

const common = {
  version: z.literal(1),
  id: z.uuid(),
  source: z.string(),
  mode: z.enum(['initial', 'complete', 'incremental']),
  /** Of an incremental: the delivery it builds on. */
  base: z.uuid().optional(),
  /** UTC: when it was begun. */
  at: z.string(),
}

const announcedSchema = z.strictObject({
  ...common,
  stage: z.literal('announced'),
  /** Deliveries that were announced before and will never come; the server hears of it when it can be reached. */
  abandoned: z.array(z.uuid()),
})

const outgoing = {
  ...common,
  manifest: manifestSchema,
  /** The files that the next incremental is compared with. */
  references: z.array(
    z.strictObject({
      name: z.string(),
      mapping: z.string(),
      size: z.int().nonnegative(),
      sha256: z.string(),
      columns: z.array(z.string()).min(1),
      reading: z.record(z.string(), z.string()),
    }),
  ),
  /** Why the references are not what is delivered: no incremental may build on them. */
  outdated: z.string().optional(),
  /** Its cookies lie in the folder `cookies` of the outbox. */
  cookies: z.boolean(),
  abandoned: z.array(z.uuid()),
  /** Why it is of the mode it is, for the report: what is prepared in its place says it again. */
  reasons: z.array(z.string()).optional(),
  /** Some of its files, or all, may be at the server: nothing else may come under its id any more. */
  sending: z.literal(true).optional(),
  /** Its files were changed or written by hand: nothing that is prepared may take their place. */
  byHand: z.literal(true).optional(),
  /** The delivery before it in the queue in whose place it was prepared: it says all of that one too. */
  replaces: z.uuid().optional(),
  /** A complete in place of changes that were handed out once: if it comes to nothing, only another complete has them. */
  standsForChanges: z.literal(true).optional(),
  /** Deliveries that went just before it, so that whoever waits for the outcome waits for theirs too. */
  ahead: z.array(z.uuid()).optional(),
}
const preparedSchema = z.strictObject({ ...outgoing, stage: z.literal('prepared') })
const deliveredSchema = z.strictObject({ ...outgoing, stage: z.literal('delivered') })

const noteSchema = z.discriminatedUnion('stage', [announcedSchema, preparedSchema, deliveredSchema])

export type OutboxNote = Readonly<z.infer<typeof noteSchema>>
/** A delivery of which every file is there, on its way. */
export type Outgoing = Readonly<z.infer<typeof preparedSchema>>

const noteName = 'delivery.json'
const cookiesName = 'cookies'

/** Of the folder of those that others were put behind; a source's name cannot end so. */
export const lineSuffix = '.waiting'

/** The outbox of a source. */
export function outboxFolder(workFolder: string, source: string): string {
  return join(workFolder, 'outbox', source)
}

/** Of the outbox itself, and of one that others were put behind. */
function sourceOf(folder: string): string {
  const line = dirname(folder)
  return line.endsWith(lineSuffix) ? basename(line, lineSuffix) : basename(folder)
}

/** Where cookies of an export wait for the acknowledgement of what it exported. */
export function outboxCookies(folder: string): string {
  return join(folder, cookiesName)
}

/** Its note is broken, and was replaced or removed. */
export const brokenName = `${noteName}.broken`

/** What the note says; `undefined` when there is none. Throws `UnreadableNoteError`. */
export async function readOutbox(folder: string): Promise<OutboxNote | undefined> {
  const path = join(folder, noteName)
  const unreadable = (cause: unknown) => new UnreadableNoteError(path, sourceOf(folder), cause)
  const text = await readIfThere(path).catch((error: unknown) => {
    throw error instanceof NoteTooLargeError ? unreadable(error) : error
  })
  if (text === undefined) return undefined
  try {
    return noteSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** Replaces the note, whole or not at all, even when the power fails. */
export async function writeOutbox(folder: string, note: OutboxNote): Promise<void> {
  await makePrivateFolder(folder)
  await writeDurably(join(folder, noteName), `${JSON.stringify(noteSchema.parse(note), undefined, 2)}\n`)
}

/** Nothing is on its way any more. The files stay for whoever wants to look at them. */
export async function clearOutbox(folder: string): Promise<void> {
  checkLocks()
  await rm(join(folder, noteName), { force: true })
}
