/**
 * Compares the sorted file of one mapping with the reference: the delta of an incremental, and what the next
 * one is compared with.
 *
 * A row that is gone while its key stands in a row that could not be read is not taken for deleted: it stays
 * among the rows of the next reference, until it is read again or really gone.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest, PreparedFile } from '@sluice/protocol'
import type { ReferenceCandidate } from '../state/move-reference.ts'
import {
  previousFolder,
  type Reference,
  readReferenceIn,
  referenceFile,
  sourceOf,
} from '../state/reference.ts'
import { BrokenReferenceError, TamperedReferenceError } from '../state/reference-errors.ts'
import { compareSorted } from './compare-sorted.ts'
import { DeltaFile, deltaName } from './delta-file.ts'
import type { Projection } from './projection.ts'
import { RowFile } from './row-file.ts'
import type { TableContext } from './table.ts'

/** What an incremental is compared with. */
export interface Base {
  /** The source's folder of state. */
  readonly state: string
  readonly reference: Reference
}

export interface PreparedMapping {
  readonly file: PreparedFile
  /** `undefined`: the mapping keeps the reference file it has. */
  readonly reference: ReferenceCandidate | undefined
  /** Of a complete: what changed since the reference, where that could be told. */
  readonly since?: SinceFile | undefined
  /** Of a complete with rows that could not be read: the delivery whose rows stand for them in the reference. */
  readonly keptFrom?: string | undefined
}

type SinceFile = NonNullable<Manifest['since']>['files'][number]

/** The delta of an incremental; `sorted` lies in the context's folder. */
export async function compareWithReference(
  sorted: PreparedFile,
  projection: Projection,
  base: Base,
  context: TableContext,
): Promise<PreparedMapping> {
  const { mapping } = projection
  await using delta = await DeltaFile.create(context.folder, projection)
  const { written, withheld, reference } = await compare(sorted, projection, base, delta, context)
  if (reference.older) context.note(olderReference(mapping))
  if (withheld > 0) context.note(withheldRows(mapping, withheld))
  const { rows, deleted } = delta
  const counts = { rows, deleted, unchanged: sorted.rows - (rows - deleted) }
  const file: PreparedFile = { ...sorted, name: deltaName(mapping), kind: 'delta', ...written, ...counts }
  return { file, reference: reference.next }
}

/**
 * A complete, and what the next incremental is compared with: its sorted file, and with it the rows of the
 * file before that could not be read this time, for the repository keeps their resources too. Where the context asks for
 * it, also what changed since that file.
 */
export async function prepareComplete(
  sorted: PreparedFile,
  projection: Projection,
  context: TableContext,
): Promise<PreparedMapping> {
  const { state, tempFolder, folder, since } = context
  const alone = { file: sorted, reference: candidateOf(sorted) }
  if (state === undefined || (sorted.rejected === 0 && since === undefined)) return alone
  const { mapping } = projection
  const deltaFolder = since === undefined ? tempFolder : folder
  try {
    const reference = since?.reference ?? (await readReferenceIn(previousFolder(state)))
    if (reference === undefined) return alone
    await using delta = await DeltaFile.create(deltaFolder, projection)
    const compared = await compare(sorted, projection, { state, reference }, delta, context)
    const { older, next } = compared.reference
    // One that is older than the last delivery, or not what that brought, does not have all rows that are stored.
    const behind = older || reference.outdated !== undefined
    const complete = { file: sorted, reference: next, keptFrom: behind ? undefined : reference.delivery }
    if (since === undefined || older) return complete
    const told = { name: deltaName(mapping), mapping, rows: delta.rows, ...compared.written }
    return { ...complete, since: told }
  } catch (error) {
    // A complete needs no reference, so a broken one does not matter to it.
    if (!(error instanceof BrokenReferenceError)) throw error
    await rm(join(folder, keptName(mapping)), { force: true })
    return alone
  }
}

const keptName = (mapping: string): string => `${mapping}.reference.csv`

async function compare(
  sorted: PreparedFile,
  projection: Projection,
  { state, reference }: Base,
  delta: DeltaFile,
  { folder, rejections, signal }: TableContext,
) {
  const { mapping } = projection
  const before = await referenceFile(state, reference, projection)
  const name = keptName(mapping)
  await using kept = sorted.rejected > 0 ? await RowFile.create(join(folder, name)) : undefined
  const mayBe = (key: readonly string[]) => rejections.mayHold(mapping, key)
  const compared = await compareSorted({
    projection,
    before,
    after: join(folder, sorted.name),
    delta,
    withheld: kept === undefined ? undefined : { kept, mayBe },
    signal,
  })
  if (compared.kind === 'tampered')
    throw new TamperedReferenceError(sourceOf(state), before.path, 'its checksum differs')
  const next = kept === undefined ? {} : { ...(await kept.finish()), name }
  const older = before.delivery !== reference.delivery
  return { ...compared, reference: { older, next: candidateOf({ ...sorted, ...next }) } }
}

/** A sorted file as what the next incremental is compared with. */
function candidateOf({ name, mapping, size, sha256, columns }: PreparedFile): ReferenceCandidate {
  return { name, mapping, size, sha256, columns }
}

function olderReference(mapping: string): string {
  return (
    `${mapping} was compared with a file older than the last delivery, which brought commands instead; ` +
    'what they changed is not in this comparison. A complete compares with the repository itself.'
  )
}

function withheldRows(mapping: string, count: number): string {
  return count === 1
    ? `1 row of ${mapping} is not taken for deleted: a row with its key could not be read.`
    : `${count} rows of ${mapping} are not taken for deleted: rows with their keys could not be read.`
}
