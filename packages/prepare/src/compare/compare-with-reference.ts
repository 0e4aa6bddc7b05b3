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
import type { Projection } from '../projection.ts'
import { DeltaFile, deltaName } from '../write/delta-file.ts'
import type { Rejections } from '../write/rejections.ts'
import { RowFile } from '../write/row-file.ts'
import { compareSorted } from './compare-sorted.ts'
import { type Reference, type ReferenceCandidate, referenceFile } from './reference.ts'
import { BrokenReferenceError, TamperedReferenceError } from './reference-errors.ts'
import type { RowsInDoubt } from './rows-in-doubt.ts'

export interface PreparedMapping {
  readonly file: PreparedFile
  /** `undefined`: the mapping keeps the reference file it has. */
  readonly reference: ReferenceCandidate | undefined
  /** Of a complete: what changed since the reference, where that is known. */
  readonly since?: SinceFile | undefined
  /** Of a complete with rows that could not be read: the delivery whose rows stand for them in the reference. */
  readonly keptFrom?: string | undefined
}

/** What comparing needs. */
export interface CompareContext {
  /** Of a complete: what was delivered before it, where there is anything. */
  readonly former: Reference | undefined
  /** A complete shall bring what changed since then. */
  readonly since: boolean
  readonly folder: string
  readonly tempFolder: string
  readonly rejections: Rejections
  readonly signal: AbortSignal | undefined
  readonly note: (text: string) => void
}

type SinceFile = NonNullable<Manifest['since']>['files'][number]

/** The delta of an incremental; `sorted` lies in the context's folder. */
export async function compareWithReference(
  { places: _, ...sorted }: PreparedFile,
  projection: Projection,
  base: Reference,
  context: CompareContext,
  inDoubt?: RowsInDoubt,
): Promise<PreparedMapping> {
  const { mapping } = projection
  await using delta = await DeltaFile.create(context.folder, projection)
  const { written, withheld, reference } = await compare(sorted, projection, base, delta, {
    ...context,
    inDoubt,
  })
  if (reference.older) context.note(olderReference(mapping))
  if (withheld > 0) context.note(withheldRows(mapping, withheld))
  const { rows, deleted } = delta
  const counts = { rows, deleted, unchanged: sorted.rows - (rows - deleted) }
  const places = inDoubt?.takePlaces()
  const file: PreparedFile = {
    ...sorted,
    name: deltaName(mapping),
    kind: 'delta',
    ...written,
    ...counts,
    ...(places === undefined ? {} : { places }),
  }
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
  context: CompareContext,
): Promise<PreparedMapping> {
  const { former, tempFolder, folder, since } = context
  const alone = { file: sorted, reference: candidateOf(sorted, projection) }
  if (former === undefined || (sorted.rejected === 0 && !since)) return alone
  const { mapping } = projection
  const deltaFolder = since ? folder : tempFolder
  try {
    await using delta = await DeltaFile.create(deltaFolder, projection)
    const compared = await compare(sorted, projection, former, delta, context)
    const { older, next } = compared.reference
    // One that is older than the last delivery, or not what that brought, does not have all rows that are stored.
    const behind = older || former.outdated !== undefined
    const complete = { file: sorted, reference: next, keptFrom: behind ? undefined : former.delivery }
    if (!since || older) return complete
    const changed = { name: deltaName(mapping), mapping, rows: delta.rows, ...compared.written }
    return { ...complete, since: changed }
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
  reference: Reference,
  delta: DeltaFile,
  { folder, rejections, signal, inDoubt }: CompareContext & { readonly inDoubt?: RowsInDoubt | undefined },
) {
  const { mapping } = projection
  const before = await referenceFile(reference, projection)
  const name = keptName(mapping)
  await using kept = sorted.rejected > 0 ? await RowFile.create(join(folder, name)) : undefined
  const mayBe = (key: readonly string[]) => rejections.mayHold(mapping, key)
  const compared = await compareSorted({
    projection,
    before,
    after: join(folder, sorted.name),
    delta,
    withheld: kept === undefined ? undefined : { kept, mayBe },
    inDoubt,
    signal,
  })
  if (compared.kind === 'tampered')
    throw new TamperedReferenceError(reference.source, before.path, 'its checksum differs')
  const next = kept === undefined ? {} : { ...(await kept.finish()), name }
  const older = before.delivery !== reference.delivery
  return { ...compared, reference: { older, next: candidateOf({ ...sorted, ...next }, projection) } }
}

/** A sorted file as what the next incremental is compared with. */
function candidateOf(
  { name, mapping, size, sha256, columns }: PreparedFile,
  { reading }: Projection,
): ReferenceCandidate {
  return { name, mapping, size, sha256, columns, reading }
}

function olderReference(mapping: string): string {
  return (
    `${mapping} was compared with a file older than the last delivery, which brought commands instead; ` +
    'changes of that delivery are not in this comparison. A complete compares with the repository itself.'
  )
}

function withheldRows(mapping: string, count: number): string {
  return count === 1
    ? `1 row of ${mapping} is not deleted: a row with its key could not be read.`
    : `${count} rows of ${mapping} are not deleted: rows with their keys could not be read.`
}
