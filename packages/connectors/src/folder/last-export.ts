/**
 * What the last export into a folder has left: for the stages behind the export, which may run later and alone.
 *
 * @module
 */
import { join } from 'node:path'
import type { DeliveryMode, Source } from '@sluice/model'
import type { Answer, ExportedFilesRequest } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { locateTables, notesOf } from '../files/locate-source-files.ts'
import { NoUsableExportError, WrongExportModeError } from './export-errors.ts'
import { type ExportRecord, readExportRecord, type WellExported } from './export-record.ts'

/**
 * They must be those of an export that went well and was asked for what they shall be now; throws `NoUsableExportError`
 * otherwise.
 */
export async function lastExport({ source, mode, answerOf }: ExportedFilesRequest): Promise<Exported> {
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
  const answer = await answerOf({ folder: source.folder, stated: record.statement?.mode })
  return describeExport(record, source, answer)
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

/** What was exported well, as what it can be delivered. */
export async function describeExport(
  record: WellExported,
  source: Source,
  answer: Answer,
): Promise<Exported> {
  const tables = await locateTables(source)
  return {
    source: source.name,
    by: 'program',
    mode: answer.mode,
    folder: source.folder,
    tables,
    rows: record.statement?.rows ?? {},
    cookies: record.cookies === null ? undefined : join(source.folder, record.cookies),
    milliseconds: record.milliseconds,
    notes: [...notesOf(tables), ...(answer.note === undefined ? [] : [answer.note])],
  }
}
