/**
 * PGlite behind the database port: PostgreSQL inside the process, its files in a folder.
 *
 * Three things PGlite leaves to us: a lock against a second process (two would destroy the folder
 * without a word), an order for its one connection, and getting files onto the disk (`checkpoint`).
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type HeldLock, type LockTimes, makePrivate, privateFolderMode } from '@sluice/files'
import { literal } from '../sql/quote.ts'
import type { Copied, CopyOptions, Database, QueryResult, Row, Session } from './database.ts'
import { encodeValue } from './encode-value.ts'
import { FolderError } from './errors.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { openFile } from './open-file.ts'
import { unpackImage } from './pglite-image.ts'
import { copyFolder } from './pglite-protocol.ts'
import { PGliteThread } from './pglite-thread.ts'
import { lineAt, RecordTooLongError } from './record-gauge.ts'
import { SessionScope } from './session-scope.ts'
import { applySettings, beginTransaction, sessionSettings } from './session-settings.ts'

/** Of PostgreSQL, which writes it into every folder of its. */
const majorVersion = '18'
const schema = 'sluice'

/** Opens the repository in `folder`, which is made when it does not exist, and keeps every other process out. */
export async function openPGlite(folder: string, times?: LockTimes): Promise<Database> {
  const path = resolve(folder)
  // It loads while the folder is locked and, where it is new, made.
  const thread = takeLoaded()
  const lock = await takeFolder(path, times).catch(async (error: unknown) => {
    await thread.abandon()
    throw error
  })
  try {
    const dataFolder = join(path, 'data')
    if (existsSync(join(dataFolder, 'PG_VERSION'))) await checkVersion(path, dataFolder)
    else await create(path, dataFolder, lock.held)
    lock.held.check()
    await thread.open(dataFolder, { location: path, schema, lock: lock.held })
    await thread.request({ kind: 'execute', text: applySettings(sessionSettings(schema)) })
    return new PGliteDatabase(path, thread, lock)
  } catch (error) {
    await thread.abandon()
    await lock[Symbol.asyncDispose]()
    throw error
  }
}

/** Loads while nobody has said yet what is to be opened. */
let loaded: PGliteThread | undefined

/** Loads PGlite for the folder that is opened next; nothing is lost but time where none is. */
export function loadPGlite(): void {
  loaded ??= new PGliteThread()
}

function takeLoaded(): PGliteThread {
  const thread = loaded ?? new PGliteThread()
  loaded = undefined
  return thread
}

class PGliteDatabase implements Database {
  readonly kind = 'pglite'
  readonly location: string
  readonly schema = schema
  readonly temporaryTables = true
  readonly #thread: PGliteThread
  readonly #lock: FolderLock
  readonly #scope = new SessionScope()
  /** Resolves when the last one in the queue is done. */
  #last: Promise<unknown> = Promise.resolve()
  readonly #locked = new Set<string>()

  constructor(location: string, thread: PGliteThread, lock: FolderLock) {
    this.location = location
    this.#thread = thread
    this.#lock = lock
  }

  apart(): this {
    return this
  }

  session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#scope.enter(() => this.#serialized(() => work(new PGliteSession(this.#thread))))
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.session(async (session) => {
      await session.execute(beginTransaction)
      try {
        const result = await work(session)
        await session.execute('commit')
        return result
      } catch (error) {
        await session.execute('rollback').catch(() => undefined)
        throw error
      }
    })
  }

  /** No other process is here (the folder is locked), so a set does. */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    if (this.#locked.has(name)) return undefined
    this.#locked.add(name)
    try {
      return { result: await work() }
    } finally {
      this.#locked.delete(name)
    }
  }

  async share(): Promise<AsyncDisposable> {
    return { [Symbol.asyncDispose]: async () => undefined }
  }

  async tryExclusive(): Promise<boolean> {
    return true
  }

  async isLocked(name: string): Promise<boolean> {
    return this.#locked.has(name)
  }

  async checkpoint(): Promise<void> {
    await this.#scope.enter(() => this.#serialized(() => this.#thread.request({ kind: 'sync' })))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#serialized(() => this.#thread[Symbol.asyncDispose]())
    } finally {
      await this.#lock[Symbol.asyncDispose]()
    }
  }

  #serialized<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}

class PGliteSession implements Session {
  readonly #thread: PGliteThread

  constructor(thread: PGliteThread) {
    this.#thread = thread
  }

  async query<R extends object = Row>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<R>> {
    const { rows, count, byteColumns } = await this.#thread.request({
      kind: 'query',
      text,
      values: values.map(encodeValue),
    })
    const whole = byteColumns.length === 0 ? rows : rows.map((row) => withBuffers(row, byteColumns))
    // What a statement returns is the caller's word, as it is with every driver.
    return { rows: whole as readonly R[], count }
  }

  async execute(text: string): Promise<void> {
    await this.#thread.request({ kind: 'execute', text })
  }

  async copyFrom(
    target: string,
    path: string,
    options: string,
    { onBytes, longestRecord }: CopyOptions = {},
  ): Promise<Copied> {
    const absolute = resolve(path)
    // PGlite opens it by its name; that it reads what is there now is seen by its sum.
    await (await openFile(absolute)).close()
    const file = literal(`${copyFolder}/${basename(absolute)}`)
    const { count, sha256, tooLongAt } = await this.#thread.request(
      {
        kind: 'copy',
        text: `copy ${target} from ${file} with (${options})`,
        folder: dirname(absolute),
        tellBytes: onBytes !== undefined,
        longestRecord,
      },
      onBytes,
    )
    if (tooLongAt !== undefined) throw new RecordTooLongError(path, await lineAt(absolute, tooLongAt))
    if (sha256 === undefined) throw new Error('The thread of PGlite did not say what it copied.')
    return { rows: count, sha256 }
  }
}

async function takeFolder(path: string, times: LockTimes | undefined): Promise<FolderLock> {
  try {
    if ((await mkdir(path, { recursive: true, mode: privateFolderMode })) === undefined) await tighten(path)
    return await lockFolder(path, times)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
    throw new FolderError(path, error.message, {
      cause: error,
      remedy: 'Choose a folder of a local disk that this user may write.',
    })
  }
}

/** A folder that holds an embedded repository is Sluice's own. */
async function tighten(path: string): Promise<void> {
  if (existsSync(join(path, 'data', 'PG_VERSION'))) await makePrivate(path)
}

async function checkVersion(path: string, dataFolder: string): Promise<void> {
  const found = (await readFile(join(dataFolder, 'PG_VERSION'), 'utf8')).trim()
  if (found === majorVersion) return
  throw new FolderError(
    path,
    `its database is of version ${found}, this Sluice reads version ${majorVersion}`,
    {
      remedy:
        'Open it with the version of Sluice that wrote it, or start with a new folder and a complete run.',
    },
  )
}

/**
 * A new database is made beside its place and moved there when it is whole and on the disk, so that a process
 * killed meanwhile leaves nothing half made.
 */
async function create(path: string, dataFolder: string, lock: HeldLock): Promise<void> {
  const unfinished = `${dataFolder}.new`
  await rm(unfinished, { recursive: true, force: true })
  if (!(await unpackImage(unfinished))) await initialize(path, unfinished, lock)
  lock.check()
  await rename(unfinished, dataFolder)
}

/** Nobody makes another database in a folder, and these two are half of its files, which are written and synced each time one is made. */
const withoutTemplates = [
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
]

/** Takes 700 MB that the thread which does it never gives back: hence a thread of its own. */
async function initialize(path: string, folder: string, lock: HeldLock): Promise<void> {
  const thread = new PGliteThread()
  await thread.open(folder, { location: path, schema, lock })
  for (const text of withoutTemplates) await thread.request({ kind: 'execute', text })
  await thread.request({ kind: 'sync' })
  await thread[Symbol.asyncDispose]()
}

function withBuffers(row: Row, columns: readonly string[]): Row {
  const toBuffer = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return Array.isArray(value) ? value.map(toBuffer) : value
  }
  return { ...row, ...Object.fromEntries(columns.map((column) => [column, toBuffer(row[column])])) }
}
