/**
 * From source files to the files of a delivery.
 *
 * All mappings of the source are prepared, entity types first, then associations; one that fails
 * fails all, because half a source is no evidence of what is gone.
 *
 * @module
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFolder, orDiskFull, privateFolderMode } from '@sluice/files'
import {
  commandRoles,
  type DeliveryMode,
  deliveredAs,
  type EntityModel,
  type OnProgress,
  type PrepareSettings,
  plainPath,
  type Source,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import type { PreparedMapping } from './compare/compare-with-reference.ts'
import { type Reference, type ReferenceCandidate, refuseOutdated, whyBroken } from './compare/reference.ts'
import { MissingReferenceError, MovedReferenceError } from './compare/reference-errors.ts'
import { type GraphContext, readGraph } from './graph/read-graph.ts'
import { narrowingOf } from './narrowed-projection.ts'
import { RowCountError } from './prepare-errors.ts'
import { PrepareProgress } from './prepare-progress.ts'
import { prepareTable } from './prepare-table.ts'
import { type Projection, projectionsOf } from './projection.ts'
import type { SourceFile } from './read/plain-file.ts'
import { Sorter } from './sort/sorter.ts'
import { deltaName } from './write/delta-file.ts'
import { publishFiles } from './write/publish-files.ts'
import { Rejections } from './write/rejections.ts'

/** A file that is mapped, as it was found. */
interface SourceTable {
  /** As it is mapped. */
  readonly file: string
  /** The file itself, or the part files in the order of their names. */
  readonly parts: readonly SourceFile[]
}

/** What an export hands over. */
interface ExportedTables {
  /** Every file that is mapped. */
  readonly tables: readonly SourceTable[]
  /** How many rows the export says each file has. */
  readonly rows?: Readonly<Record<string, number>> | undefined
  readonly milliseconds?: number | undefined
  /** None of them is everything there is: each has to have a column of commands. */
  readonly changesOnly?: true | undefined
  /** Things worth knowing that belong into the report. */
  readonly notes?: readonly string[] | undefined
}

export interface PrepareRequest {
  readonly source: Source
  /** Has the cardinalities of the associations, which decide what is a duplicate. */
  readonly model: EntityModel
  readonly mode: DeliveryMode
  /** Where the prepared files go; created when it is not there. */
  readonly folder: string
  readonly settings: PrepareSettings
  readonly exported: ExportedTables
  /** What the server acknowledged last; an incremental needs it. */
  readonly reference?: Reference | undefined
  /** Of an incremental: the delivery that was announced as its base. */
  readonly base?: string | undefined
  /** Reads the first so many rows of each file and no more: for whoever wants to see what is in it, and delivers nothing. */
  readonly mostRows?: number | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Prepared {
  readonly folder: string
  readonly manifest: Manifest
  /** What the next incremental is compared with, once this delivery is acknowledged. */
  readonly references: readonly ReferenceCandidate[]
}

/**
 * Cleanses and sorts the files of a source; of an incremental, says what changed since its base. Rows that cannot be read are left out and listed; a
 * file that cannot be trusted as a whole throws, nothing may be delivered then, and the files of an
 * earlier preparation stay as they were.
 */
export async function prepare(request: PrepareRequest): Promise<Prepared> {
  const { mode, folder, settings, signal, exported } = request
  const { source, model } = deliveredAs(request.source, request.model)
  const started = performance.now()
  signal?.throwIfAborted()
  const projections = projectionsOf(source, model)
  const base = mode === 'incremental' ? baseOf(request) : undefined
  const since = await tellsSince(request, projections)
  await makePrivateFolder(folder)
  const tempParent = settings.tempFolder ?? folder
  await orDiskFull(tempParent, mkdir(tempParent, { recursive: true, mode: privateFolderMode }))
  const tempFolder = await orDiskFull(tempParent, mkdtemp(join(tempParent, '.prepare-')))
  const newFolder = await orDiskFull(folder, mkdtemp(join(folder, '.new-')))
  const notes: string[] = [...(exported.notes ?? [])]
  try {
    const mappings = projections.map(({ mapping }) => mapping)
    await using sorter = new Sorter(settings, tempFolder, signal)
    await using rejections = await Rejections.create(newFolder, projections)
    const progress = new PrepareProgress(source.name, request.onProgress)
    const note = (text: string) => void notes.push(text)
    const rolesIn = (file: string) => commandRoles(source, model, file)
    const { mostRows } = request
    const files = { tempFolder, settings, mostRows, signal }
    const shared = { commandRoles: rolesIn, sorter, rejections, progress, note, ...files }
    const { tables, rejected: rejectedBefore } = await tablesOf(source, exported, shared)
    const context = {
      base,
      former: request.reference,
      since,
      folder: newFolder,
      rejectedBefore,
      changesOnly: exported.changesOnly === true,
      narrow: narrowingOf(source, model),
      ...shared,
    }

    const prepared = new Map<string, PreparedMapping>()
    for (const group of byFile(projections)) {
      const [{ file, format }] = group
      for (const one of await prepareTable(partsOf(tables, file), format, group, context)) {
        if (source.graph === undefined)
          checkRows(file, one.file.read - (one.file.further ?? 0), exported.rows)
        prepared.set(one.file.mapping, one)
      }
    }
    const all = mappings.map((mapping) => prepared.get(mapping)).filter((one) => one !== undefined)
    const rejected = await rejections.finish()
    const drift = since ? await tellSince(request.reference, all, newFolder) : undefined
    await publishFiles(newFolder, folder, mappings)
    const timings = { export: exported.milliseconds ?? 0, prepare: Math.round(performance.now() - started) }
    return {
      folder,
      references: all.map(({ reference }) => reference).filter((reference) => reference !== undefined),
      manifest: {
        files: all.map(({ file }) => file),
        timings,
        notes,
        ...(rejected === undefined ? {} : { rejections: rejected }),
        ...(drift === undefined ? {} : { since: drift }),
        ...keptFrom(all),
      },
    }
  } finally {
    await rm(tempFolder, { recursive: true, force: true })
    await rm(newFolder, { recursive: true, force: true })
  }
}

interface Tables {
  readonly tables: readonly SourceTable[]
  /** Rows of each mapping that could not be read before they were any of a table. */
  readonly rejected: ReadonlyMap<string, number>
}

/** What was exported; of a graph, what its files are as tables. */
async function tablesOf({ graph }: Source, exported: ExportedTables, context: GraphContext): Promise<Tables> {
  if (graph === undefined) return { tables: exported.tables, rejected: new Map() }
  const { tables, rejected, rows } = await readGraph(graph, (file) => partsOf(exported.tables, file), context)
  for (const [file, read] of rows) checkRows(file, read, exported.rows)
  return { tables, rejected }
}

function partsOf(tables: readonly SourceTable[], file: string): readonly SourceFile[] {
  const table = tables.find((one) => plainPath(one.file) === plainPath(file))
  if (table === undefined) throw new TypeError(`The export hands over nothing for the mapped file ${file}.`)
  return table.parts
}

/** All that the export program says it wrote must have been read. */
function checkRows(file: string, read: number, rows: ExportedTables['rows'] = {}): void {
  for (const [name, stated] of Object.entries(rows)) {
    if (plainPath(name) === plainPath(file) && stated !== read) throw new RowCountError(name, stated, read)
  }
}

/** What an incremental is compared with: the reference must stand for the delivery that was announced. */
function baseOf({ source, reference, base }: PrepareRequest): Reference {
  if (base === undefined || reference === undefined)
    throw new MissingReferenceError(source.name, reference?.folder ?? 'nothing was delivered yet')
  refuseOutdated(reference)
  if (reference.delivery !== base) throw new MovedReferenceError(base, reference.delivery)
  return reference
}

/**
 * A complete brings what changed since the delivery before, too: everything else that the server has to change is drift. Comparing
 * takes about a fifth on top of preparing (500,000 rows, 1 % changed; median of four). Of types that are shared the server tells nothing by it.
 */
async function tellsSince(
  { source, mode, reference }: PrepareRequest,
  projections: readonly Projection[],
): Promise<boolean> {
  if (mode !== 'complete' || reference === undefined) return false
  const shares = source.entities.some(({ federation }) => federation !== undefined)
  if (shares && source.mode !== 'incremental') return false
  return (await whyBroken(reference, projections)) === undefined
}

/** All mappings or none: half a comparison would show as drift what is only untold. */
async function tellSince(
  reference: Reference | undefined,
  all: readonly PreparedMapping[],
  folder: string,
): Promise<Manifest['since']> {
  const files = all.map(({ since }) => since).filter((one) => one !== undefined)
  if (reference !== undefined && files.length === all.length) return { base: reference.delivery, files }
  for (const { file } of all) await rm(join(folder, deltaName(file.mapping)), { force: true })
  return undefined
}

/** All mappings with unreadable rows or none: the next incremental knows of every row that stays stored, or may not come. */
function keptFrom(all: readonly PreparedMapping[]): Pick<Manifest, 'keptFrom'> {
  const [delivery, ...others] = new Set(
    all.filter(({ file }) => file.rejected > 0).map((one) => one.keptFrom),
  )
  return delivery === undefined || others.length > 0 ? {} : { keptFrom: delivery }
}

/** Mappings that read the same file in the same way are prepared in one reading. */
function byFile(projections: readonly Projection[]): Iterable<[Projection, ...Projection[]]> {
  const groups = new Map<string, [Projection, ...Projection[]]>()
  for (const projection of projections) {
    const key = JSON.stringify([plainPath(projection.file), projection.format])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [projection])
    else group.push(projection)
  }
  return groups.values()
}
