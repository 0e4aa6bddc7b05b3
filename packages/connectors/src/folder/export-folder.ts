/**
 * Gives each export a folder of its own beside the one of the source, and puts it in the place of the one before
 * only when the export went well.
 *
 * Two renamings: wherever the process dies, the source's folder holds the files of one export with a note that fits
 * them, or it is not there, which prepare refuses too. What a dead process left beside it goes with the next export.
 *
 * @module
 */
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { orDiskFull, privateFolderMode, syncFolder } from '@sluice/files'
import { endOrphans } from '../process/process-group.ts'
import { ExportBusyError, ForeignFolderError } from './export-errors.ts'
import { type ExportRecord, exportJson, readExportRecord, writeExportRecord } from './export-record.ts'

/** Of new cookies, in the folder of the source files. */
export const cookiesName = '.cookies'

const filesName = 'files'

/** Where one export writes. */
export interface ExportFolder {
  /** Of all below. */
  readonly path: string
  /** For the source files. */
  readonly files: string
  readonly formerCookies: string
  readonly cookies: string
  readonly statement: string
  readonly tables: string
}

type Begun = Pick<Extract<ExportRecord, { state: 'running' }>, 'source' | 'asked' | 'startedAt' | 'until'>

/** Folders that this process is exporting into: its own id in a note is of one that died under the same id. */
const exporting = new Set<string>()

/** Marks the files of the export before as outdated, and makes the folders of a new one. */
export async function beginExport(folder: string, begun: Begun): Promise<ExportFolder> {
  if (exporting.has(folder)) throw new ExportBusyError(begun.source, folder, 'a moment ago', process.pid)
  exporting.add(folder)
  try {
    await refuseForeign(folder, begun.source)
    await refuseBusy(folder, begun.source)
    const parent = dirname(folder)
    await orDiskFull(parent, mkdir(folder, { recursive: true, mode: privateFolderMode }))
    await refuseMountPoint(folder, parent, begun.source)
    await writeExportRecord(folder, {
      version: 1,
      state: 'running',
      ...begun,
      pid: process.pid,
      host: hostname(),
    })
    await clearRemains(folder)
    const path = await orDiskFull(parent, mkdtemp(join(parent, prefixOf(folder))))
    const made: ExportFolder = {
      path,
      files: join(path, filesName),
      formerCookies: join(path, 'former-cookies'),
      cookies: join(path, 'cookies'),
      statement: join(path, 'statement.json'),
      tables: join(path, 'tables.json'),
    }
    await mkdir(made.files)
    // Whoever may look into the one before may look into this one.
    await chmod(made.files, (await stat(folder)).mode & 0o7777)
    // Cookies may be as good as passwords.
    for (const one of [made.formerCookies, made.cookies]) await mkdir(one, { mode: 0o700 })
    return made
  } catch (error) {
    exporting.delete(folder)
    throw error
  }
}

/** The new files take the place of those before. */
export async function takePlace(folder: string, made: ExportFolder, record: ExportRecord): Promise<void> {
  await rm(join(made.files, cookiesName), { recursive: true, force: true })
  await rename(made.cookies, join(made.files, cookiesName))
  // The note says that they are whole, so they are to be on the disk before it is.
  await syncFolder(made.files)
  await writeExportRecord(made.files, record)
  const former = join(made.path, 'former')
  await rename(folder, former)
  try {
    await rename(made.files, folder)
  } catch (error) {
    await rename(former, folder)
    throw error
  }
}

/** Notes beside the files of the export before that they are outdated, and why. */
export async function markFailed(folder: string, record: ExportRecord): Promise<void> {
  // Where not even that can be written, the note that an export began is still there and says enough.
  await writeExportRecord(folder, record).catch(() => {})
}

export async function endExport(folder: string, made: ExportFolder): Promise<void> {
  exporting.delete(folder)
  // What cannot be removed now, because somebody looks at it, is removed by the next export.
  await rm(made.path, { recursive: true, force: true }).catch(() => {})
}

/** What an export that was killed has left: its program, which may still be running, and its folder. */
async function clearRemains(folder: string): Promise<void> {
  const parent = dirname(folder)
  const prefix = prefixOf(folder)
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || !/^[A-Za-z0-9]{6}$/.test(name.slice(prefix.length))) continue
    const remains = join(parent, name)
    await endOrphans(`SLUICE_FOLDER=${join(remains, filesName)}`)
    await rm(remains, { recursive: true, force: true })
  }
}

function prefixOf(folder: string): string {
  return `.${basename(folder)}.export-`
}

async function refuseForeign(folder: string, source: string): Promise<void> {
  const found = await readExportRecord(folder)
  if (found.kind === 'found') {
    if (found.record.source === source) return
    throw new ForeignFolderError(source, folder, `holds the export of "${found.record.source}"`)
  }
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error.code === 'ENOTDIR' ? new ForeignFolderError(source, folder, 'is a file') : error
  })
  const foreign = names.filter((name) => name !== exportJson && name !== `${exportJson}.new`)
  if (foreign.length === 0) return
  const some = foreign.slice(0, 3).join(', ')
  throw new ForeignFolderError(source, folder, `holds ${some}${foreign.length > 3 ? ', …' : ''}`)
}

/** What is mounted cannot be renamed, and that would come to light only after the export. */
async function refuseMountPoint(folder: string, parent: string, source: string): Promise<void> {
  const [own, around] = await Promise.all([stat(folder), stat(parent)])
  if (own.dev !== around.dev) {
    throw new ForeignFolderError(source, folder, 'is a mount point; take a folder below it')
  }
}

async function refuseBusy(folder: string, source: string): Promise<void> {
  const found = await readExportRecord(folder)
  if (found.kind !== 'found' || found.record.state !== 'running') return
  const { pid, host, startedAt, until } = found.record
  const over = Date.now() > Date.parse(until) || pid === process.pid || host !== hostname() || !alive(pid)
  if (!over) throw new ExportBusyError(source, folder, startedAt, pid)
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What the program is given of the files it has to write. */
export async function writeTables(made: ExportFolder, tables: unknown): Promise<void> {
  await writeFile(made.tables, `${JSON.stringify(tables, undefined, 2)}\n`)
}
