/**
 * Takes the files of an outbox as they lie there, changed by hand or written by somebody's own script, and makes the
 * note say what they are.
 *
 * The delivery gets another id: what was announced and perhaps uploaded of the former files is given up. What a next
 * incremental is compared with has to be what was delivered; where it cannot be, it is marked, and the next is a complete.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EntityModel, Source } from '@sluice/model'
import {
  inspectDelta,
  inspectRejections,
  inspectSorted,
  type Projection,
  projectionsOf,
} from '@sluice/prepare'
import type { DeclaredFile, Manifest, PreparedFile } from '@sluice/protocol'
import { type OutboxNote, type Outgoing, outboxFolder, readOutbox, writeOutbox } from './outbox.ts'
import { ChangedOutboxError } from './outbox-errors.ts'
import { type QueuedDelivery, readQueue } from './outbox-queue.ts'
import { differenceOf } from './verify-outbox.ts'

/**
 * Of every delivery that waits. Throws `UnfitPreparedFileError` where a changed file cannot be delivered; nothing of that
 * delivery, and of those behind it, is taken then.
 */
export async function takeAsTheyAre(workFolder: string, source: Source, model: EntityModel): Promise<void> {
  const projections = projectionsOf(source, model)
  const own = outboxFolder(workFolder, source.name)
  const note = await readOutbox(own)
  const queue = await readQueue(workFolder, source.name)
  for (const [at, { folder, delivery }] of queue.entries()) {
    const taken = await changed(folder, delivery, projections)
    if (taken === undefined) continue
    // Its id changes, and by their place those behind it build on the new one; not so what they were compared with.
    for (const behind of queue.slice(at + 1)) await outdate(behind, delivery)
    await writeOutbox(folder, taken)
  }
  // A preparation that was killed: who knows which files are from when.
  if (note?.stage === 'announced' || note?.stage === 'prepared') return
  const taken = await written(own, note, source, projections)
  if (taken !== undefined) await writeOutbox(own, taken)
}

async function outdate({ folder, delivery }: QueuedDelivery, changed: Outgoing): Promise<void> {
  if (delivery.outdated !== undefined) return
  const outdated = `it builds on delivery ${changed.id}, which was changed after it had been prepared.`
  await writeOutbox(folder, { ...delivery, outdated })
}

const rejectionsName = 'rejected.jsonl'

/** What was prepared, with the files as they are now; `undefined` when nobody changed them. */
async function changed(
  folder: string,
  note: Outgoing,
  projections: readonly Projection[],
): Promise<Outgoing | undefined> {
  const { manifest, references } = note
  const { files, rejections, since } = manifest
  const carried = await differing(folder, [...files, ...(rejections === undefined ? [] : [rejections])])
  const untold = await differing(folder, since?.files ?? [])
  const alone = references.filter(({ name }) => !files.some((file) => file.name === name))
  const beside = await differing(folder, alone)
  if (carried.length + untold.length + beside.length === 0) return undefined

  const counted = carried.includes(rejectionsName) ? await rejectionsIn(folder) : undefined
  const now: PreparedFile[] = []
  for (const file of files) {
    const inspected = carried.includes(file.name) ? await inspect(folder, file, projections) : file
    const rejected = counted?.byMapping.get(file.mapping) ?? (counted === undefined ? file.rejected : 0)
    const compared = references.some(({ mapping }) => mapping === file.mapping)
    now.push(withSum({ ...inspected, rejected }, compared))
  }
  const outdated = outdatedBy(now, references, carried, beside)
  const { since: _told, keptFrom: _kept, ...rest } = manifest
  const { sending: _under, ...begun } = note
  return {
    ...begun,
    id: randomUUID(),
    byHand: true,
    abandoned: [...note.abandoned, note.id],
    references: references.map((one) => {
      const file = now.find(({ name }) => name === one.name)
      return file === undefined ? one : candidateOf(file, one)
    }),
    ...(outdated === undefined ? {} : { outdated }),
    manifest: {
      // Of a changed file nobody knows what it changes since the one before, and which of its rows stay.
      ...(carried.length + untold.length > 0 ? rest : manifest),
      ...(counted === undefined ? {} : { rejections: counted.file }),
      files: now,
      notes: [...manifest.notes, ...carried.map(changedNote), ...beside.map(besideNote)],
    },
  }
}

/** Files that no preparation of ours has noted: everything the source holds, so a complete. */
async function written(
  folder: string,
  note: Exclude<OutboxNote, { stage: 'announced' | 'prepared' }> | undefined,
  source: Source,
  projections: readonly Projection[],
): Promise<Outgoing | undefined> {
  const names = projections.map(({ mapping }) => `${mapping}.sorted.csv`)
  const projectionOf = (name: string) =>
    projections.find(({ mapping }) => mapping === name) ?? { reading: {} }
  if (!names.some((name) => existsSync(join(folder, name)))) return undefined
  const missing = names.find((name) => !existsSync(join(folder, name)))
  if (missing !== undefined) throw new ChangedOutboxError(join(folder, missing), 'it is missing')
  const rejections = existsSync(join(folder, rejectionsName)) ? await rejectionsIn(folder) : undefined
  const files: PreparedFile[] = []
  for (const projection of projections) {
    const { mapping, columns } = projection
    const inspected = await inspectSorted(folder, projection)
    const nothing = { read: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0, deleted: 0 }
    const rejected = rejections?.byMapping.get(mapping) ?? 0
    const named = { name: `${mapping}.sorted.csv`, mapping, kind: 'sorted' as const, columns: [...columns] }
    files.push(withSum({ ...named, ...nothing, ...inspected, rejected }, false))
  }
  // They were delivered already, as they are.
  const known = (file: PreparedFile) =>
    note?.references.some(({ name, sha256 }) => name === file.name && sha256 === file.sha256) === true
  if (files.every(known)) return undefined
  return {
    version: 1,
    stage: 'prepared',
    id: randomUUID(),
    source: source.name,
    mode: 'complete',
    at: new Date().toISOString(),
    abandoned: [...(note?.abandoned ?? [])],
    cookies: false,
    byHand: true,
    references: files.map((file) => candidateOf(file, projectionOf(file.mapping))),
    manifest: {
      files,
      ...(rejections === undefined ? {} : { rejections: rejections.file }),
      timings: { export: 0, prepare: 0 },
      notes: [
        `These files were delivered as they lie in the outbox, changed or written by hand: ${names.join(', ')}.`,
      ],
    },
  }
}

async function differing(folder: string, files: readonly DeclaredFile[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const file of files) if ((await differenceOf(folder, file)) !== undefined) found.push(file.name)
  return found
}

function candidateOf(
  { name, mapping, size, sha256, columns }: PreparedFile,
  { reading }: Pick<Projection, 'reading'>,
): Outgoing['references'][number] {
  return { name, mapping, size, sha256, columns, reading }
}

async function inspect(
  folder: string,
  file: PreparedFile,
  projections: readonly Projection[],
): Promise<PreparedFile> {
  const projection = projections.find(({ mapping }) => mapping === file.mapping)
  if (projection === undefined)
    throw new ChangedOutboxError(join(folder, file.name), 'its mapping is no longer configured')
  const columns = [...projection.columns]
  // Who has changed its rows may have put others in their place.
  const { places: _, ...rest } = file
  if (file.kind === 'delta') return { ...rest, columns, ...(await inspectDelta(folder, projection)) }
  return { ...file, columns, ...(await inspectSorted(folder, projection)) }
}

async function rejectionsIn(folder: string): Promise<{
  readonly file: NonNullable<Manifest['rejections']>
  readonly byMapping: ReadonlyMap<string, number>
}> {
  const { byMapping, ...file } = await inspectRejections(join(folder, rejectionsName))
  return { file: { name: rejectionsName, ...file }, byMapping }
}

/** Every row that was read is in one place; the deletes of a comparison are of rows that were not read. */
function withSum(file: PreparedFile, compared: boolean): PreparedFile {
  const { rejected, filtered = 0, nullKey, duplicate, noLink, unchanged, rows, deleted } = file
  const inFile = file.kind === 'delta' && compared ? rows - deleted : rows
  return { ...file, read: rejected + filtered + nullKey + duplicate + noLink + unchanged + inFile }
}

/** Why the files for the next comparison are not what the repository will hold; `undefined` when they are. */
function outdatedBy(
  files: readonly PreparedFile[],
  references: Outgoing['references'],
  carried: readonly string[],
  beside: readonly string[],
): string | undefined {
  const other = files.find(({ name, mapping }) => {
    const reference = references.find((one) => one.mapping === mapping)
    return carried.includes(name) && reference !== undefined && reference.name !== name
  })
  const name = other?.name ?? beside[0]
  return name === undefined ? undefined : changedNote(name)
}

function changedNote(name: string): string {
  return `${name} was changed after it had been prepared.`
}

function besideNote(name: string): string {
  return `${changedNote(name)} It is not among the files that are delivered.`
}
