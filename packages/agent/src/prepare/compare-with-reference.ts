/**
 * Makes the delta of one mapping from its sorted file and the reference, and says what the next one is
 * compared with.
 *
 * A row that is gone while its key stands in a row that could not be read is not taken for deleted: it stays
 * among the rows of the next reference, until it is read again or really gone.
 *
 * @module
 */
import { join } from 'node:path'
import type { PreparedFile } from '@sluice/protocol'
import type { ReferenceCandidate } from '../state/move-reference.ts'
import { type Reference, referenceFile } from '../state/reference.ts'
import { TamperedReferenceError } from '../state/reference-errors.ts'
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
}

/** `sorted` lies in the context's folder. */
export async function compareWithReference(
  sorted: PreparedFile,
  projection: Projection,
  { state, reference }: Base,
  context: TableContext,
): Promise<PreparedMapping> {
  const { folder, rejections, signal, note } = context
  const { mapping } = projection
  const before = await referenceFile(state, reference, projection)
  if (before.delivery !== reference.delivery) note(olderReference(mapping))
  await using delta = await DeltaFile.create(folder, projection)
  const keptName = `${mapping}.reference.csv`
  await using kept = sorted.rejected > 0 ? await RowFile.create(join(folder, keptName)) : undefined
  const mayBe = (key: readonly string[]) => rejections.mayHold(mapping, key)
  const compared = await compareSorted({
    projection,
    before,
    after: join(folder, sorted.name),
    delta,
    withheld: kept === undefined ? undefined : { kept, mayBe },
    signal,
  })
  if (compared.kind === 'tampered') throw new TamperedReferenceError(before.path, 'its checksum differs')
  if (compared.withheld > 0) note(withheldRows(mapping, compared.withheld))
  const { rows, deleted } = delta
  const file: PreparedFile = {
    ...sorted,
    name: deltaName(mapping),
    kind: 'delta',
    ...compared.written,
    rows,
    unchanged: sorted.rows - (rows - deleted),
    deleted,
  }
  const next = kept === undefined ? sorted : { ...(await kept.finish()), name: keptName }
  return { file, reference: candidateOf({ ...sorted, ...next }) }
}

/** A sorted file as what the next incremental is compared with. */
export function candidateOf({ name, mapping, size, sha256, columns }: PreparedFile): ReferenceCandidate {
  return { name, mapping, size, sha256, columns }
}

function olderReference(mapping: string): string {
  return (
    `${mapping} was compared with a file older than the last delivery, which brought commands instead; ` +
    'what they changed is not in this comparison. A complete compares with the repository itself.'
  )
}

function withheldRows(mapping: string, count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'} of ${mapping} are not taken for deleted: a row with their key could not be read.`
}
