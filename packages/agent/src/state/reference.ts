/**
 * The reference of a source: the prepared files that the server acknowledged last, with the id of the
 * delivery they stand for. An incremental says what changed since then, and names that delivery as its base.
 *
 * Lies in `<state>/previous`: one sorted file per mapping, and `reference.json` with their sums. A file that
 * is not the one noted there is never compared with.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { EntityModel, Source } from '@sluice/model'
import { z } from 'zod'
import { projectionsOf } from '../prepare/projection.ts'
import {
  BrokenReferenceError,
  MissingReferenceError,
  OtherColumnsError,
  OutdatedReferenceError,
  TamperedReferenceError,
} from './reference-errors.ts'

const referenceFileSchema = z.strictObject({
  mapping: z.string(),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.sorted\.csv$/),
  size: z.int().nonnegative(),
  sha256: z.string(),
  columns: z.array(z.string()).min(1),
  /** The delivery that brought this file; an older one than the reference's own when changes came as commands. */
  delivery: z.string(),
})
export type ReferenceFile = z.infer<typeof referenceFileSchema>

const referenceSchema = z.strictObject({
  /** Of the layout of the folder and the dialect of the files. */
  version: z.literal(1),
  /** The last delivery of the source: what the next incremental builds on. */
  delivery: z.string(),
  files: z.array(referenceFileSchema),
  /** Why the files are not what that delivery brought: a complete has to come first. */
  outdated: z.string().optional(),
})
export type Reference = z.infer<typeof referenceSchema>

export const referenceJson = 'reference.json'

export function previousFolder(state: string): string {
  return join(state, 'previous')
}

/** The folder of state of a source has its name. */
export function sourceOf(state: string): string {
  return basename(state)
}

/** The reference in `folder`; `undefined` when there is none. */
export async function readReferenceIn(folder: string): Promise<Reference | undefined> {
  const path = join(folder, referenceJson)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return referenceSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new TamperedReferenceError(sourceOf(dirname(folder)), path, 'it cannot be read', cause)
  }
}

/** Finds the file of a mapping; throws when it is not there, not the one noted, or of other columns. */
export async function referenceFile(
  state: string,
  reference: Reference,
  mapping: { readonly mapping: string; readonly columns: readonly string[] },
): Promise<ReferenceFile & { readonly path: string }> {
  const file = noted(state, reference, mapping)
  const path = join(previousFolder(state), file.name)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new MissingReferenceError(sourceOf(state), path)
  if (found.size !== file.size) {
    const sizes = `it has ${found.size} bytes instead of ${file.size}`
    throw new TamperedReferenceError(sourceOf(state), path, sizes)
  }
  return { ...file, path }
}

/** What is noted of a mapping's file, which must have the columns that are mapped now. */
export function noted(
  state: string,
  reference: Reference,
  { mapping, columns }: { readonly mapping: string; readonly columns: readonly string[] },
): ReferenceFile {
  const file = reference.files.find((one) => one.mapping === mapping)
  const source = sourceOf(state)
  if (file === undefined)
    throw new MissingReferenceError(source, join(previousFolder(state), `${mapping}.sorted.csv`))
  if (file.columns.join('\n') !== columns.join('\n'))
    throw new OtherColumnsError(source, mapping, file.columns, columns)
  return file
}

/** Throws `OutdatedReferenceError`: nothing can be compared with these files. */
export function refuseOutdated(state: string, { outdated }: Reference): void {
  if (outdated !== undefined) throw new OutdatedReferenceError(sourceOf(state), outdated)
}

export type ReferenceFound =
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** An incremental cannot be made. */
  | {
      readonly kind: 'broken'
      readonly error: BrokenReferenceError
      readonly reference: Reference | undefined
    }

/**
 * Looks for what an incremental of the source would build on. The sums of the files are not taken here:
 * preparing takes them while it compares.
 */
export async function findReference(
  state: string,
  source: Source,
  model: EntityModel,
): Promise<ReferenceFound> {
  let reference: Reference | undefined
  try {
    reference = await readReferenceIn(previousFolder(state))
    if (reference === undefined) throw new MissingReferenceError(source.name, previousFolder(state))
    refuseOutdated(state, reference)
    for (const projection of projectionsOf(source, model)) await referenceFile(state, reference, projection)
    return { kind: 'reference', reference }
  } catch (error) {
    if (error instanceof BrokenReferenceError) return { kind: 'broken', error, reference }
    throw error
  }
}
