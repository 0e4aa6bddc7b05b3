/**
 * Lets the source's export program write the source files.
 *
 * A program is any script that can write CSV. It writes into a new folder, which takes the place of the one before only when
 * everything about it is right: it ended with 0 and in time, left nothing running, wrote every mapped file, and what it
 * states fits what was asked. After anything else the files of the export before stay where they are, marked as outdated.
 *
 * @module
 */
import { cp, readdir, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { orDiskFull } from '@sluice/files'
import { cutText, type ExportProgram, mappedTables, nearMatch, SluiceError, type Source } from '@sluice/model'
import type { ExportRequest, OnProgramLine } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { locateSourceFiles } from '../files/locate-source-files.ts'
import { isAbsence } from '../files/source-file-errors.ts'
import {
  beginExport,
  cookiesName,
  type ExportFolder,
  endExport,
  markFailed,
  takePlace,
  writeTables,
} from './export-folder.ts'
import type { WellExported } from './export-record.ts'
import { type ExportStatement, readStatement } from './export-statement.ts'
import { describeExport } from './last-export.ts'
import {
  FileNotWrittenError,
  IncompleteExportError,
  ProgramFailedError,
  ProgramLeftBehindError,
  ProgramNotStartedError,
  ProgramTimeoutError,
} from './program-errors.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'

/** Exports, and says what the files can be delivered as. */
export async function exportByProgram(program: ExportProgram, request: ExportRequest): Promise<Exported> {
  const { source, mode } = request
  request.signal?.throwIfAborted()
  const startedAt = new Date()
  const until = new Date(startedAt.getTime() + program.timeout + 60_000).toISOString()
  const begun = { source: source.name, asked: mode, startedAt: startedAt.toISOString() }
  const made = await beginExport(source.folder, { ...begun, until })
  try {
    const statement = await carryOut(program, made, request)
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

/** Runs the program; its files and its statement are as they should be afterwards. */
async function carryOut(
  program: ExportProgram,
  made: ExportFolder,
  request: ExportRequest,
): Promise<ExportStatement | undefined> {
  const { source, mode, cookies, signal } = request
  await writeTables(
    made,
    mappedTables(source).map(({ file, columns, mappings }) => ({ file, columns, mappings })),
  )
  if (cookies !== undefined && mode === 'incremental') await giveCookies(cookies, made)
  const end = await runProgram({
    command: program.command,
    workingFolder: program.workingFolder,
    environment: environmentOf(program, made, request),
    timeout: program.timeout,
    signal,
    onLine: listener(request),
  })
  const note = async () => (await readStatement(made.statement, source.name).catch(() => undefined))?.note
  await refuseBadEnd(end, program, source.name, note)
  const statement = await readStatement(made.statement, source.name)
  refuseIncomplete(statement, program, source.name, end.output)
  await refuseMissing(source, made)
  return statement
}

/**
 * A program that writes no cookie reads the same changes again next time, which does no harm; so the new ones
 * begin as those before.
 */
async function giveCookies(cookies: string, made: ExportFolder): Promise<void> {
  if ((await stat(cookies).catch(() => undefined))?.isDirectory() !== true) return
  await orDiskFull(made.path, cp(cookies, made.formerCookies, { recursive: true }))
  await orDiskFull(made.path, cp(cookies, made.cookies, { recursive: true }))
}

function environmentOf(program: ExportProgram, made: ExportFolder, request: ExportRequest) {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is the default
  const inherited = request.environment ?? process.env
  const others = Object.entries(inherited).filter(([name]) => !name.startsWith('SLUICE_'))
  return {
    ...Object.fromEntries(others),
    ...program.environment,
    SLUICE_SOURCE: request.source.name,
    SLUICE_MODE: request.mode,
    SLUICE_FOLDER: made.files,
    SLUICE_COOKIE_FOLDER: made.formerCookies,
    SLUICE_NEW_COOKIE_FOLDER: made.cookies,
    SLUICE_STATEMENT: made.statement,
    SLUICE_TABLES: made.tables,
  }
}

/** Lines go to the log as they come, and to the progress a few times a second. */
function listener({ source, log, onProgress }: ExportRequest): OnProgramLine {
  onProgress?.({ stage: 'export', source: source.name })
  let last = Number.NEGATIVE_INFINITY
  return (line) => {
    log?.(line)
    const now = performance.now()
    if (now - last < 250) return
    last = now
    onProgress?.({ stage: 'export', source: source.name, subject: cutText(line.text, 100) })
  }
}

async function refuseBadEnd(
  end: ProgramEnd,
  program: ExportProgram,
  source: string,
  note: () => Promise<string | undefined>,
): Promise<void> {
  switch (end.kind) {
    case 'not started':
      throw new ProgramNotStartedError(source, program.command[0], program.workingFolder, end.cause)
    case 'timeout':
      throw new ProgramTimeoutError(source, program.timeout, end.output)
    case 'left behind':
      throw new ProgramLeftBehindError(source, end.output)
    case 'signalled':
      throw new ProgramFailedError(source, `was ended by ${end.signal}`, end.output, await note())
    case 'exited':
      if (end.status === 0) return
      throw new ProgramFailedError(source, `ended with status ${end.status}`, end.output, await note())
  }
}

function refuseIncomplete(
  statement: ExportStatement | undefined,
  { requireStatement }: ExportProgram,
  source: string,
  output: readonly string[],
): void {
  if (statement === undefined) {
    if (!requireStatement) return
    throw new IncompleteExportError(source, 'its program wrote no statement that it is.', output)
  }
  if (statement.complete) return
  const note = statement.note === undefined ? 'its program says so.' : `its program notes: ${statement.note}`
  throw new IncompleteExportError(source, note, output)
}

async function refuseMissing(source: Source, made: ExportFolder): Promise<void> {
  for (const { file, first } of mappedTables(source)) {
    const outside = relative(made.files, resolve(made.files, file)).split(sep)[0] === '..'
    const found = await locateSourceFiles(made.files, { file, several: first?.several }).catch(
      (error: unknown) => {
        if (isAbsence(error)) return []
        throw error
      },
    )
    if (found.length > 0 && !outside) continue
    const written = await readdir(made.files, { recursive: true })
    throw new FileNotWrittenError(source.name, file, written.sort(), nearMatch(file, written))
  }
}
