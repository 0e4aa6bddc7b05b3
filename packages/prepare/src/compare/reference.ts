/**
 * What an incremental is compared with: the prepared files that the server acknowledged last, as whoever keeps them
 * hands them in.
 *
 * A file that is not the one noted is never compared with; its sum is taken while it is read.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { differencesBetween, type Reading } from '@sluice/model'
import type { PreparedFile } from '@sluice/protocol'
import type { Projection } from '../projection.ts'
import {
  BrokenReferenceError,
  MissingReferenceError,
  OtherColumnsError,
  OtherReadingError,
  OutdatedReferenceError,
  TamperedReferenceError,
} from './reference-errors.ts'

export interface ReferenceFile {
  readonly mapping: string
  /** In the folder of the reference. */
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly columns: readonly string[]
  /** How its rows were read. */
  readonly reading: Reading
  /** The delivery that brought this file; an older one than the reference's own when changes came as commands. */
  readonly delivery: string
}

export interface Reference {
  readonly source: string
  readonly folder: string
  /** The last delivery of the source: what the next incremental builds on. */
  readonly delivery: string
  readonly files: readonly ReferenceFile[]
  /** Why the files are not what that delivery brought: a complete has to come first. */
  readonly outdated?: string | undefined
}

/** A prepared file that the next incremental is compared with. */
export interface ReferenceCandidate extends Pick<PreparedFile, 'mapping' | 'size' | 'sha256' | 'columns'> {
  /** In the folder of prepared files. */
  readonly name: string
  readonly reading: Reading
}

type Mapped = Pick<Projection, 'mapping' | 'columns'>

/** Finds the file of a mapping; throws when it is not there, not the one noted, or of other columns. */
export async function referenceFile(
  reference: Reference,
  mapping: Mapped,
): Promise<ReferenceFile & { readonly path: string }> {
  const file = noted(reference, mapping)
  const path = join(reference.folder, file.name)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new MissingReferenceError(reference.source, path)
  if (found.size !== file.size) {
    const sizes = `it has ${found.size} bytes instead of ${file.size}`
    throw new TamperedReferenceError(reference.source, path, sizes)
  }
  return { ...file, path }
}

/** What is noted of a mapping's file, which must have the columns that are mapped now. */
export function noted({ source, folder, files }: Reference, { mapping, columns }: Mapped): ReferenceFile {
  const file = files.find((one) => one.mapping === mapping)
  if (file === undefined) throw new MissingReferenceError(source, join(folder, `${mapping}.sorted.csv`))
  if (file.columns.join('\n') !== columns.join('\n'))
    throw new OtherColumnsError(source, mapping, file.columns, columns)
  return file
}

/** Throws `OutdatedReferenceError`: nothing can be compared with these files. */
export function refuseOutdated({ source, outdated }: Reference): void {
  if (outdated !== undefined) throw new OutdatedReferenceError(source, outdated)
}

/** Throws `OtherReadingError`: rows that did not change would keep the values of a former reading. */
function refuseOtherReading({ source, files }: Reference, { mapping, reading }: Projection): void {
  const was = files.find((one) => one.mapping === mapping)?.reading ?? {}
  const differences = differencesBetween(was, reading)
  if (differences.length > 0) throw new OtherReadingError(source, mapping, differences)
}

/**
 * Why nothing can be compared with the reference; `undefined` when it can. The sums of the files are not taken here:
 * comparing takes them.
 */
export async function whyBroken(
  reference: Reference,
  projections: readonly Projection[],
): Promise<BrokenReferenceError | undefined> {
  try {
    refuseOutdated(reference)
    for (const projection of projections) {
      await referenceFile(reference, projection)
      refuseOtherReading(reference, projection)
    }
    return undefined
  } catch (error) {
    if (error instanceof BrokenReferenceError) return error
    throw error
  }
}
