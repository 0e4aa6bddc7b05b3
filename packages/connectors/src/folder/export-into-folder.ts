/**
 * An export into a folder of its own, which takes the place of the one before only when everything about it is right: whoever writes
 * it ended well, wrote every mapped file, and what it states fits what was asked. After anything else the files of the export before
 * stay where they are, marked as outdated.
 *
 * @module
 */
import { cp, readdir, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { orDiskFull } from '@sluice/files'
import { mappedTables, nearMatch, SluiceError, type Source } from '@sluice/model'
import type { ExportRequest } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { locateSourceFiles } from '../files/locate-source-files.ts'
import { isAbsence } from '../files/source-file-errors.ts'
import { FileNotWrittenError, type Writer } from './export-errors.ts'
import {
  beginExport,
  cookiesName,
  type ExportFolder,
  endExport,
  markFailed,
  takePlace,
} from './export-folder.ts'
import type { WellExported } from './export-record.ts'
import type { ExportStatement } from './export-statement.ts'
import { describeExport } from './last-export.ts'

export interface FolderExport {
  readonly by: Writer
  /** Milliseconds after which it has been stopped in any case. */
  readonly timeout: number
  /** Writes the files; what it states of them, if anything. Throws where it did not end well. */
  readonly write: (made: ExportFolder) => Promise<ExportStatement | undefined>
}

/** Exports, and says what the files can be delivered as. */
export async function exportIntoFolder(
  request: ExportRequest,
  { by, timeout, write }: FolderExport,
): Promise<Exported> {
  const { source, mode } = request
  request.signal?.throwIfAborted()
  const startedAt = new Date()
  const until = new Date(startedAt.getTime() + timeout + 60_000).toISOString()
  const begun = { source: source.name, asked: mode, startedAt: startedAt.toISOString() }
  const made = await beginExport(source.folder, { ...begun, until })
  try {
    await giveCookies(request, made)
    const statement = await write(made)
    await refuseMissing(source, made, by)
    const cookies = (await readdir(made.cookies)).length > 0 ? cookiesName : null
    const finished = new Date()
    const record: WellExported = {
      version: 1,
      state: 'exported',
      ...begun,
      finishedAt: finished.toISOString(),
      milliseconds: finished.getTime() - startedAt.getTime(),
      exitStatus: 0,
      cookies,
      statement: statement ?? null,
    }
    const answer = await request.answerOf({ folder: made.files, stated: statement?.mode })
    await takePlace(source.folder, made, record)
    return await describeExport(record, source, answer)
  } catch (error) {
    await markFailed(source.folder, {
      version: 1,
      state: 'failed',
      ...begun,
      finishedAt: new Date().toISOString(),
      code: error instanceof SluiceError ? error.code : null,
      message: request.signal?.aborted === true ? 'It was interrupted.' : textOf(error),
    })
    throw error
  } finally {
    await endExport(source.folder, made)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Who writes no cookie reads the same changes again next time, which does no harm; so the new ones
 * begin as those before.
 */
async function giveCookies({ mode, cookies }: ExportRequest, made: ExportFolder): Promise<void> {
  if (cookies === undefined || mode !== 'incremental') return
  if ((await stat(cookies).catch(() => undefined))?.isDirectory() !== true) return
  await orDiskFull(made.path, cp(cookies, made.formerCookies, { recursive: true }))
  await orDiskFull(made.path, cp(cookies, made.cookies, { recursive: true }))
}

async function refuseMissing(source: Source, made: ExportFolder, by: Writer): Promise<void> {
  for (const { file, several } of mappedTables(source)) {
    const outside = relative(made.files, resolve(made.files, file)).split(sep)[0] === '..'
    const found = await locateSourceFiles(made.files, { file, several }).catch((error: unknown) => {
      if (isAbsence(error)) return []
      throw error
    })
    if (found.length > 0 && !outside) continue
    const written = await readdir(made.files, { recursive: true })
    throw new FileNotWrittenError(source.name, {
      by,
      file,
      written: written.sort(),
      near: nearMatch(file, written),
    })
  }
}
