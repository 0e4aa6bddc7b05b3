/**
 * The first stage: lets the source's connector write the source files, or finds those that lie there.
 *
 * @module
 */
import type { ExportedFilesRequest, ExportRequest } from './contract/export-request.ts'
import type { Exported } from './contract/exported.ts'
import { takeDroppedFiles } from './files/dropped-files.ts'
import { locateTables, notesOf } from './files/locate-source-files.ts'
import { lastExport } from './folder/last-export.ts'
import { exportByProgram } from './program/export-by-program.ts'
import { exportByConnector } from './run/export-by-connector.ts'

/** Exports, and says what the files can be delivered as. */
export async function exportSource(request: ExportRequest): Promise<Exported> {
  const by = request.source.export
  if (by === undefined || request.folder !== undefined) return findFiles(request)
  return 'connector' in by ? exportByConnector(by, request) : exportByProgram(by, request)
}

/**
 * The files as they lie there, without exporting anything. Of a source with an export they must be those of an
 * export that went well and was asked for what they shall be now; throws `NoUsableExportError` otherwise.
 */
export async function exportedFiles(request: ExportedFilesRequest): Promise<Exported> {
  const alone = request.source.export === undefined || request.folder !== undefined
  return alone ? findFiles(request) : lastExport(request)
}

/** Those that lie there, whoever wrote them. A folder that is given is somebody's word that its files are to be taken. */
export async function findFiles({
  source,
  mode,
  folder,
}: Omit<ExportedFilesRequest, 'answerOf'>): Promise<Exported> {
  const { changesFolder } = source
  const changes = folder === undefined && mode === 'incremental' ? changesFolder : undefined
  const own = changes ?? source.folder
  const tables =
    folder === undefined ? await takeDroppedFiles(source, own) : await locateTables(source, folder)
  return {
    source: source.name,
    by: 'files',
    mode,
    folder: folder ?? own,
    tables,
    rows: {},
    cookies: undefined,
    milliseconds: 0,
    notes: notesOf(tables),
    ...(changes === undefined ? {} : { changesOnly: true as const }),
  }
}
