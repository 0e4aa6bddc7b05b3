/**
 * What the last export of a source has left: for the stages behind the export, which may run later and alone.
 *
 * @module
 */
import { join } from 'node:path'
import type { DeliveryMode, Source } from '@sluice/model'
import { inspectHeader } from '../inspect-header.ts'
import { previousFolder, readReferenceIn } from '../state/reference.ts'
import { BrokenReferenceError } from '../state/reference-errors.ts'
import { type AnsweredMode, answeredMode, type ExportedTable } from './answered-mode.ts'
import { type ExportRecord, readExportRecord, type WellExported } from './export-record.ts'
import { type LocatedFile, locateSourceFiles } from './locate-source-files.ts'
import { type MappedTable, mappedTables } from './mapped-tables.ts'
import { NoUsableExportError, WrongExportModeError } from './program-errors.ts'

/** Source files, ready to be prepared. */
export interface Exported {
  readonly source: string
  /** `files`: no program was run; whoever wrote them has to answer for them. */
  readonly by: 'program' | 'files'
  /**
   * What the delivery has to be. A `complete` in place of an incremental, when the program has exported everything
   * although it was asked for changes: so decide it before announcing.
   */
  readonly mode: DeliveryMode
  /** Holds the source files: that of the source, or the one that was given. */
  readonly folder: string
  readonly files: readonly LocatedFile[]
  /** How many rows the program says each file has, by file as it is mapped; prepare compares. */
  readonly rows: Readonly<Record<string, number>>
  /**
   * Folder of the cookies for next time; `undefined` when the program wrote none. The next export replaces it, so copy it
   * along with the prepared files; it becomes `cookies` in the reference when their delivery is acknowledged.
   */
  readonly cookies: string | undefined
  readonly milliseconds: number
  /** Things worth knowing that stopped nothing; they belong into the report. */
  readonly notes: readonly string[]
}

export interface ExportedFilesRequest {
  readonly source: Source
  readonly mode: DeliveryMode
  /** Take the files of this folder instead of the source's, whoever wrote them. */
  readonly folder?: string | undefined
  /** The source's folder of state. */
  readonly state?: string | undefined
}

/**
 * The files as they lie there. Of a source with an export program they must be those of an export that went well and
 * was asked for what they shall be now; throws `NoUsableExportError` otherwise.
 */
export async function exportedFiles(request: ExportedFilesRequest): Promise<Exported> {
  const { source, mode } = request
  const folder = request.folder ?? source.folder
  if (source.export === undefined || request.folder !== undefined) {
    const files = await filesOf(source, folder)
    const nothing = { rows: {}, cookies: undefined, milliseconds: 0, notes: [] }
    return { source: source.name, by: 'files', mode, folder, files, ...nothing }
  }
  const record = await usableRecord(source)
  if (mode !== 'incremental' && record.asked === 'incremental') {
    const whole = record.statement?.mode !== undefined && record.statement.mode !== 'incremental'
    if (!whole)
      throw new WrongExportModeError(
        source.name,
        `a ${mode} is to be prepared, and changes were exported`,
        exportAgain(source, mode),
      )
  }
  return describeExport(record, source, await answerOf(record, source, mode, request.state))
}

function exportAgain({ name }: Source, mode: DeliveryMode): string {
  return `Export again: sluice export ${name} --mode ${mode}`
}

async function usableRecord(source: Source): Promise<WellExported> {
  const found = await readExportRecord(source.folder)
  if (found.kind === 'found') {
    const { record } = found
    if (record.state === 'exported' && record.source === source.name) return record
    throw new NoUsableExportError(source.name, source.folder, whyNot(record, source.name))
  }
  const why = found.kind === 'none' ? 'no export has run.' : 'export.json, the note beside them, is damaged.'
  throw new NoUsableExportError(source.name, source.folder, why)
}

function whyNot(record: ExportRecord, source: string): string {
  if (record.source !== source) return `they are those of "${record.source}".`
  switch (record.state) {
    case 'running':
      return `the export that began at ${record.startedAt} has not ended, or was killed.`
    case 'failed':
      return `the last export failed at ${record.finishedAt}: ${record.message}`
    case 'exported':
      return ''
  }
}

type Answer = Extract<AnsweredMode, { kind: 'fits' }>

/** What was exported well, as what it can be delivered. */
export async function describeExport(
  record: WellExported,
  source: Source,
  answer: Answer,
): Promise<Exported> {
  const files = await filesOf(source, source.folder)
  return {
    source: source.name,
    by: 'program',
    mode: answer.mode,
    folder: source.folder,
    files,
    rows: record.statement?.rows ?? {},
    cookies: record.cookies === null ? undefined : join(source.folder, record.cookies),
    milliseconds: record.milliseconds,
    notes: answer.note === undefined ? [] : [answer.note],
  }
}

/** What the files in the source's folder can be delivered as; throws when they fit nothing. */
export async function answerOf(
  { statement }: Pick<WellExported, 'statement'>,
  source: Source,
  mode: DeliveryMode,
  state: string | undefined,
): Promise<Answer> {
  const tables = mode === 'incremental' ? await tablesOf(source, state) : []
  const answer = answeredMode(mode, statement?.mode, tables)
  if (answer.kind === 'wrong') throw new WrongExportModeError(source.name, answer.reason, answer.remedy)
  return answer
}

async function filesOf(source: Source, folder: string): Promise<readonly LocatedFile[]> {
  const tables = mappedTables(source)
  return (await Promise.all(tables.map(({ file }) => locateSourceFiles(folder, file)))).flat()
}

async function tablesOf(source: Source, state: string | undefined): Promise<readonly ExportedTable[]> {
  const outdated = await outdatedMappings(state)
  return Promise.all(
    mappedTables(source).map(async (table) => ({
      file: table.file,
      commands: await hasCommands(source, table),
      outdated: table.mappings.some((mapping) => outdated.has(mapping)),
    })),
  )
}

async function hasCommands(source: Source, { first, columns }: MappedTable): Promise<boolean> {
  const header = await inspectHeader(source, first)
  // What cannot be read is refused, with its reason, when it is prepared.
  if (header.kind === 'unreadable') return false
  return header.columns.some((column) => column.toLowerCase() === 'command' && !columns.includes(column))
}

/** Mappings whose reference file is older than the last delivery. */
async function outdatedMappings(state: string | undefined): Promise<ReadonlySet<string>> {
  if (state === undefined) return new Set()
  try {
    const reference = await readReferenceIn(previousFolder(state))
    const older = reference?.files.filter(({ delivery }) => delivery !== reference.delivery) ?? []
    return new Set(older.map(({ mapping }) => mapping))
  } catch (error) {
    if (error instanceof BrokenReferenceError) return new Set()
    throw error
  }
}
