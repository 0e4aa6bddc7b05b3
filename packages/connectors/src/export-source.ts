/**
 * The first stage: lets the source's connector write the source files, or finds those that lie there.
 *
 * @module
 */
import type { ExportedFilesRequest, ExportRequest } from './contract/export-request.ts'
import type { Exported } from './contract/exported.ts'
import { locateTables } from './files/locate-source-files.ts'
import { exportByProgram } from './program/export-by-program.ts'
import { lastExport } from './program/last-export.ts'

/** Exports, and says what the files can be delivered as. */
export async function exportSource(request: ExportRequest): Promise<Exported> {
  const program = request.source.export
  return program === undefined || request.folder !== undefined
    ? filesOf(request)
    : exportByProgram(program, request)
}

/**
 * The files as they lie there, without exporting anything. Of a source with an export program they must be those of an
 * export that went well and was asked for what they shall be now; throws `NoUsableExportError` otherwise.
 */
export async function exportedFiles(request: ExportedFilesRequest): Promise<Exported> {
  const alone = request.source.export === undefined || request.folder !== undefined
  return alone ? filesOf(request) : lastExport(request)
}

/** Whoever wrote them. */
async function filesOf({ source, mode, folder = source.folder }: ExportedFilesRequest): Promise<Exported> {
  return {
    source: source.name,
    by: 'files',
    mode,
    folder,
    tables: await locateTables(source, folder),
    rows: {},
    cookies: undefined,
    milliseconds: 0,
    notes: [],
  }
}
