/**
 * What the server acknowledged last of a source, as a delivery: to be compared once more with what is stored.
 *
 * @module
 */
import type { EntityModel, Source } from '@sluice/model'
import { inspectSorted, type Prepared, projectionsOf, TamperedReferenceError } from '@sluice/prepare'
import type { PreparedFile } from '@sluice/protocol'
import { previousFolder } from '../reference/reference.ts'
import { findReference } from './reference-under-way.ts'

export type Restated =
  | {
      readonly kind: 'restated'
      /** The delivery whose files they are. */
      readonly delivery: string
      /** They lie where they are kept, and are not to be moved. */
      readonly prepared: Omit<Prepared, 'references'>
    }
  /** What the source has asserted last is not in these files. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** `state`: the source's folder of state. */
export async function referenceAsDelivery(
  state: string,
  source: Source,
  model: EntityModel,
): Promise<Restated> {
  const started = performance.now()
  const found = await findReference(state, source, model)
  if (found.kind === 'broken') return { kind: 'unknown', reason: found.error.message }
  const { delivery, files: kept } = found.reference
  const older = kept.find((file) => file.delivery !== delivery)
  if (older !== undefined) return { kind: 'unknown', reason: broughtAsCommands(older.mapping) }
  const folder = previousFolder(state)
  const files: PreparedFile[] = []
  for (const projection of projectionsOf(source, model)) {
    const { mapping, columns } = projection
    const { rows, ...written } = await inspectSorted(folder, projection)
    const noted = kept.find((file) => file.mapping === mapping)
    const name = `${mapping}.sorted.csv`
    if (noted?.sha256 !== written.sha256)
      throw new TamperedReferenceError(source.name, `${folder}/${name}`, 'its checksum differs')
    const nothing = { rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0, deleted: 0 }
    files.push({
      name,
      mapping,
      kind: 'sorted',
      columns: [...columns],
      ...written,
      rows,
      read: rows,
      ...nothing,
    })
  }
  const timings = { export: 0, prepare: Math.round(performance.now() - started) }
  return { kind: 'restated', delivery, prepared: { folder, manifest: { files, timings, notes: [] } } }
}

function broughtAsCommands(mapping: string): string {
  return `The last delivery of ${mapping} held commands, so no file here holds all its rows.`
}
