/**
 * The reference of a source: the prepared files that the server acknowledged last, with the id of the
 * delivery they stand for. An incremental says what changed since then, and names that delivery as its base.
 *
 * Lies in `<state>/previous`: one sorted file per mapping, and `reference.json` with their sums. A file that
 * is not the one noted there is never compared with.
 *
 * @module
 */
import { cp } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { NoteTooLargeError, orDiskFull, readIfThere, syncFolder } from '@sluice/files'
import type { Configuration, EntityModel, Source } from '@sluice/model'
import {
  type BrokenReferenceError,
  MissingReferenceError,
  projectionsOf,
  type Reference,
  TamperedReferenceError,
  whyBroken,
} from '@sluice/prepare'
import { z } from 'zod'

const referenceFileSchema = z.strictObject({
  mapping: z.string(),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.sorted\.csv$/),
  size: z.int().nonnegative(),
  sha256: z.string(),
  columns: z.array(z.string()).min(1),
  reading: z.record(z.string(), z.string()),
  /** The delivery that brought this file; an older one than the reference's own when changes came as commands. */
  delivery: z.string(),
})

const referenceSchema = z.strictObject({
  /** Of the layout of the folder and the dialect of the files. */
  version: z.literal(1),
  /** The last delivery of the source: what the next incremental builds on. */
  delivery: z.string(),
  files: z.array(referenceFileSchema),
  /** Why the files are not what that delivery brought: a complete has to come first. */
  outdated: z.string().optional(),
})
/** As it is kept, in `reference.json`. */
export type KeptReference = z.infer<typeof referenceSchema>

export const referenceJson = 'reference.json'

/** Of the folder of cookies, in that of the reference. */
export const cookiesName = 'cookies'

export function previousFolder(state: string): string {
  return join(state, 'previous')
}

/** Folder of the cookies that belong to the last acknowledged delivery. */
export function acknowledgedCookies(state: string): string {
  return join(previousFolder(state), cookiesName)
}

/** They have no sum by which a loss would be noticed, so they are on the disk when this returns. */
export async function copyCookies(from: string, to: string): Promise<void> {
  await orDiskFull(dirname(to), cp(from, to, { recursive: true }))
  await syncFolder(to)
}

/** Folder of what the agent remembers of a source. */
export function stateFolder({ workFolder }: Pick<Configuration, 'workFolder'>, source: string): string {
  return join(workFolder, 'state', source)
}

/** The reference in `folder`; `undefined` when there is none. */
export async function readReferenceIn(folder: string): Promise<KeptReference | undefined> {
  const path = join(folder, referenceJson)
  const tampered = (cause: unknown) =>
    new TamperedReferenceError(sourceOf(folder), path, 'it cannot be read', cause)
  const text = await readIfThere(path).catch((error: unknown) => {
    throw error instanceof NoteTooLargeError ? tampered(error) : error
  })
  if (text === undefined) return undefined
  try {
    return referenceSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw tampered(cause)
  }
}

/** What the next preparation may be compared with; `undefined` when there is none. */
export async function readReference(state: string): Promise<Reference | undefined> {
  const folder = previousFolder(state)
  const kept = await readReferenceIn(folder)
  return kept === undefined ? undefined : { ...kept, folder, source: sourceOf(folder) }
}

/** The folder of state of a source has its name. */
function sourceOf(previous: string): string {
  return basename(dirname(previous))
}

export type ReferenceFound =
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** An incremental cannot be made. */
  | {
      readonly kind: 'broken'
      readonly error: BrokenReferenceError
      readonly reference: Reference | undefined
    }

/** Whether an incremental of the source can build on the reference. */
export async function judgeReference(
  reference: Reference | undefined,
  state: string,
  source: Source,
  model: EntityModel,
): Promise<ReferenceFound> {
  if (reference === undefined) {
    const error = new MissingReferenceError(source.name, previousFolder(state))
    return { kind: 'broken', error, reference }
  }
  const error = await whyBroken(reference, projectionsOf(source, model))
  return error === undefined ? { kind: 'reference', reference } : { kind: 'broken', error, reference }
}
