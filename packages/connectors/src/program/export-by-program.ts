/**
 * Lets the source's export program write the source files.
 *
 * A program is any script that can write CSV. It writes into a new folder, which takes the place of the one before only when
 * everything about it is right: it ended with 0 and in time, left nothing running, and what it states fits what was asked.
 *
 * @module
 */
import { cutText, type ExportProgram, mappedTables } from '@sluice/model'
import type { ExportRequest, OnProgramLine } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { environmentOf } from '../folder/environment-of.ts'
import { IncompleteExportError } from '../folder/export-errors.ts'
import { type ExportFolder, writeTables } from '../folder/export-folder.ts'
import { exportIntoFolder } from '../folder/export-into-folder.ts'
import type { ExportStatement } from '../folder/export-statement.ts'
import {
  ProgramFailedError,
  ProgramLeftBehindError,
  ProgramNotStartedError,
  ProgramTimeoutError,
} from './program-errors.ts'
import { readStatement } from './read-statement.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'

/** Exports, and says what the files can be delivered as. */
export async function exportByProgram(program: ExportProgram, request: ExportRequest): Promise<Exported> {
  return exportIntoFolder(request, {
    by: 'program',
    timeout: program.timeout,
    write: (made) => carryOut(program, made, request),
  })
}

/** Runs the program; its files and its statement are as they should be afterwards. */
async function carryOut(
  program: ExportProgram,
  made: ExportFolder,
  request: ExportRequest,
): Promise<ExportStatement | undefined> {
  const { source, signal } = request
  await writeTables(
    made,
    mappedTables(source).map(({ file, columns, mappings }) => ({ file, columns, mappings })),
  )
  const end = await runProgram({
    command: program.command,
    workingFolder: program.workingFolder,
    environment: variablesOf(program, made, request),
    timeout: program.timeout,
    signal,
    onLine: listener(request),
  })
  const note = async () => (await readStatement(made.statement, source.name).catch(() => undefined))?.note
  await refuseBadEnd(end, program, source.name, note)
  const statement = await readStatement(made.statement, source.name)
  refuseIncomplete(statement, program, source.name, end.output)
  return statement
}

function variablesOf(program: ExportProgram, made: ExportFolder, request: ExportRequest) {
  const others = Object.entries(environmentOf(request)).filter(([name]) => !name.startsWith('SLUICE_'))
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
