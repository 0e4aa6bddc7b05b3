/**
 * Lets the source's connector write the source files.
 *
 * @module
 */
import { createWriteStream } from 'node:fs'
import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { orDiskFull, readIfThere, writeDurably } from '@sluice/files'
import { type ConnectorExport, mappedTables } from '@sluice/model'
import type { ExportContext } from '../contract/export-context.ts'
import type { ExportRequest } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { environmentOf } from '../folder/environment-of.ts'
import { IncompleteExportError } from '../folder/export-errors.ts'
import type { ExportFolder } from '../folder/export-folder.ts'
import { exportIntoFolder } from '../folder/export-into-folder.ts'
import type { ExportStatement } from '../folder/export-statement.ts'
import { attempting } from './attempts.ts'
import { inTime } from './in-time.ts'
import { type OpenedConnector, openConnector } from './open-connector.ts'
import { TableFile } from './table-file.ts'

/** Milliseconds before an export begins again for the first time. */
const usualPause = 1000

/** Exports, and says what the files can be delivered as. `pause`: milliseconds before it begins again for the first time. */
export async function exportByConnector(
  by: ConnectorExport,
  request: ExportRequest,
  { pause = usualPause } = {},
): Promise<Exported> {
  const { timeout, retries } = by
  const { source, log, signal } = request
  const environment = environmentOf(request)
  return exportIntoFolder(request, {
    by: 'connector',
    timeout,
    write: (made) =>
      inTime({ source: source.name, timeout, signal }, async (over) => {
        const opened = await openConnector(by, { source: source.name, environment, log, signal: over })
        return attempting({ retries, pause }, opened, async (attempt) => {
          if (attempt > 1) await beginAgain(made)
          return write(opened, made, request)
        })
      }),
  })
}

/** Nothing of the attempt before is left. */
async function beginAgain(made: ExportFolder): Promise<void> {
  await empty(made.files)
  await empty(made.cookies)
  await orDiskFull(made.path, cp(made.formerCookies, made.cookies, { recursive: true }))
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}

async function write(
  { connector, context, secrets }: OpenedConnector,
  made: ExportFolder,
  request: ExportRequest,
): Promise<ExportStatement> {
  const tables = new Map<string, TableFile>()
  try {
    const statement = await connector.export(exportContext(context, tables, made, request))
    if (!statement.complete) {
      const note = secrets.hide(statement.note ?? 'its connector says so')
      throw new IncompleteExportError(request.source.name, note, [])
    }
    for (const table of tables.values()) await table.end(made.path)
    const rows = Object.fromEntries([...tables].map(([file, table]) => [file, table.rows]))
    const { mode, note } = statement
    if (note !== undefined) context.log(note)
    return {
      complete: true,
      rows,
      ...(mode === undefined ? {} : { mode }),
      ...(note === undefined ? {} : { note: secrets.hide(note) }),
    }
  } catch (error) {
    await Promise.all([...tables.values()].map((table) => table.giveUp()))
    throw error
  }
}

function exportContext(
  context: OpenedConnector['context'],
  tables: Map<string, TableFile>,
  made: ExportFolder,
  { source, mode, onProgress }: ExportRequest,
): ExportContext {
  const { signal } = context
  onProgress?.({ stage: 'export', source: source.name })
  const onRow = progressing(signal, (rows) =>
    onProgress?.({ stage: 'export', source: source.name, subject: `${rows} rows` }),
  )
  let startedOver = false
  return {
    ...context,
    mode,
    wanted: mappedTables(source).map(({ file, columns, mappings, first }) => ({
      file,
      columns,
      mappings,
      format: first?.format,
    })),
    async table(file, columns) {
      signal.throwIfAborted()
      if (tables.has(file)) throw new Error(`The file ${file} was begun twice.`)
      const table = await TableFile.begin(made.files, file, columns, onRow)
      tables.set(file, table)
      return table
    },
    async passOn(file, bytes) {
      const path = join(made.files, file)
      await orDiskFull(made.path, mkdir(dirname(path), { recursive: true }))
      await orDiskFull(made.path, pipeline(bytes, createWriteStream(path, { flags: 'wx' }), { signal }))
    },
    async readCookie(name) {
      return startedOver ? undefined : readIfThere(join(made.formerCookies, cookieName(name)))
    },
    async startOver() {
      startedOver = true
      await Promise.all([...tables.values()].map((table) => table.giveUp()))
      tables.clear()
      await empty(made.files)
      await empty(made.cookies)
    },
    async writeCookie(name, text) {
      signal.throwIfAborted()
      await orDiskFull(made.path, writeDurably(join(made.cookies, cookieName(name)), text))
    },
  }
}

/** Counts rows, and reports them a few times a second; throws when the work has to end. */
function progressing(signal: AbortSignal, report: (rows: number) => void): () => void {
  let rows = 0
  let last = performance.now()
  return () => {
    rows++
    // The clock is slower than a row.
    if (rows % 256 !== 0) return
    signal.throwIfAborted()
    const now = performance.now()
    if (now - last < 250) return
    last = now
    report(rows)
  }
}

/** A cookie is a file, and its name may come from the system. */
function cookieName(name: string): string {
  if (/^[\w.-]{1,100}$/.test(name) && !name.startsWith('.')) return name
  throw new Error(`A cookie cannot have the name ${JSON.stringify(name)}.`)
}
