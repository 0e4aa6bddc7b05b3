/**
 * The thread in which PGlite runs, because a query there blocks the event loop until it is done.
 *
 * One request at a time: the other side queues them. COPY reads its file where it lies: the file's
 * folder is mounted into PGlite's own file system for the time of the statement, so that nothing is
 * copied through memory (1 M rows, 160 MB: 1.4 s and 330 MB of memory in all, against 3.5 s and
 * 1.1 GB through a blob).
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { PGlite, type Results } from '@electric-sql/pglite'
import type { SharedLock } from '@sluice/files'
import { decoders } from './decoders.ts'
import {
  copyFolder,
  type DatabaseRequest,
  type OpenRequest,
  type WorkerReply,
  type WorkerRequest,
} from './pglite-protocol.ts'
import { RecordGauge } from './record-gauge.ts'
import type { StatementFailure } from './statement-errors.ts'
import { type ChangingOperation, changing, UnsyncedFiles } from './unsynced-files.ts'

const byteTypes: ReadonlySet<number> = new Set([17, 1001])
const reportEvery = 1024 * 1024

const port = parentPort
if (port === null) throw new Error('This module is the entry of a worker thread.')
const send = (reply: WorkerReply) => port.postMessage(reply)

let opened: OpenedPGlite | undefined

port.on('message', async (request: WorkerRequest) => {
  try {
    if (request.kind !== 'open') return send(await answer(theOpened(), request))
    opened = await open(request)
    send(nothing)
  } catch (error) {
    send({ kind: 'failed', failure: failureOf(error) })
  }
})

interface OpenedPGlite {
  readonly pglite: PGlite
  readonly unsynced: UnsyncedFiles
}

async function open({ dataFolder, lock }: OpenRequest): Promise<OpenedPGlite> {
  const pglite = await PGlite.create({ dataDir: dataFolder, parsers: Object.fromEntries(decoders) })
  const files = pglite.Module.FS.filesystems.NODEFS
  // What opening has written is synced with everything else.
  const unsynced = new UnsyncedFiles(dataFolder, realPathOf(files))
  guardWrites(files, lock, unsynced)
  // Parameters arrive as text already.
  for (const oid of Object.keys(pglite.serializers)) pglite.serializers[Number(oid)] = (text: string) => text
  await pglite.exec("set work_mem to '64MB'")
  return { pglite, unsynced }
}

function theOpened(): OpenedPGlite {
  if (opened === undefined) throw new Error('PGlite is not open.')
  return opened
}

async function answer({ pglite, unsynced }: OpenedPGlite, request: DatabaseRequest): Promise<WorkerReply> {
  switch (request.kind) {
    case 'query':
      return done(await pglite.query(request.text, [...request.values]))
    case 'execute':
      await pglite.exec(request.text)
      return nothing
    case 'copy':
      return await copy(pglite, request)
    case 'sync':
      await pglite.exec('checkpoint')
      unsynced.sync()
      return nothing
    case 'close':
      await pglite.close()
      return nothing
  }
}

type CopyRequest = Extract<DatabaseRequest, { kind: 'copy' }>

async function copy(
  pglite: PGlite,
  { text, folder, tellBytes, longestRecord }: CopyRequest,
): Promise<WorkerReply> {
  const { FS } = pglite.Module
  const nodeFiles = FS.filesystems.NODEFS
  FS.mkdirTree(copyFolder)
  FS.mount(nodeFiles, { root: folder }, copyFolder)
  const hash = createHash('sha256')
  const report = tellBytes ? reportBytes() : undefined
  const gauge = new RecordGauge(longestRecord)
  let tooLong = false
  const stopWatching = watchReads(nodeFiles, (bytes) => {
    hash.update(bytes)
    report?.(bytes.length)
    tooLong = !gauge.take(bytes)
    if (tooLong) throw unreadable
  })
  try {
    const results = await pglite.query<Record<string, unknown>>(text)
    return { ...done(results), sha256: hash.digest('hex') }
  } catch (error) {
    if (tooLong) return { ...nothing, tooLongAt: gauge.start }
    throw error
  } finally {
    stopWatching()
    FS.unmount(copyFolder)
  }
}

/** As the file system of PGlite says EIO: COPY ends with an error like any other. */
const unreadable = { name: 'ErrnoError', errno: 29 }

/** The thread is blocked while COPY runs, but what it posts leaves at once: so the reads themselves report it. */
function reportBytes(): (count: number) => void {
  let bytes = 0
  let reported = 0
  return (count) => {
    bytes += count
    if (bytes - reported < reportEvery && count > 0) return
    reported = bytes
    send({ kind: 'bytes', bytes })
  }
}

/** Calls `onRead` with what is read of the folder that is shown for COPY, in order; at its end with nothing. */
function watchReads(files: object, onRead: (bytes: Uint8Array) => void): () => void {
  if (!hasStreamOperations(files)) throw new Error('PGlite reads its files in another way.')
  const { stream_ops: operations } = files
  const { read } = operations
  operations.read = (stream, buffer, offset, ...place) => {
    const count = read(stream, buffer, offset, ...place)
    if (stream.path.startsWith(`${copyFolder}/`))
      onRead(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, count))
    return count
  }
  return () => {
    operations.read = read
  }
}

/**
 * A process that is paused in the middle of a statement goes on with it when it wakes, and another one may have the folder by
 * then: so each write proves first that it has not. What is thrown here ends the statement, and all after it.
 */
function guardWrites(files: object, shared: SharedLock, unsynced: UnsyncedFiles): void {
  const stillLocked = lockGuard(shared)
  for (const operations of operationsOf(files)) {
    for (const name of changing) {
      const operation = operations[name]
      if (typeof operation !== 'function') continue
      operations[name] = (...of: readonly unknown[]) => {
        stillLocked()
        let result: unknown
        try {
          result = operation(...of)
          return result
        } finally {
          unsynced.note(name, of, result)
        }
      }
    }
  }
}

/** Throws when the lock is lost; waits for the process, which renews it, where that was too long ago. */
function lockGuard({ renewedAt, renewals, fresh }: SharedLock): () => void {
  const [times, counts] = [new Float64Array(renewedAt), new Int32Array(renewals)]
  return () => {
    for (;;) {
      const count = Atomics.load(counts, 0)
      if (count === -1) throw new Error('The lock of the folder was taken over.')
      // As @sluice/files has it in two-clocks.ts, which this thread does not load.
      const steady = Number(process.hrtime.bigint()) / 1e6 - (times[0] ?? 0)
      const wall = Date.now() - (times[1] ?? 0)
      if (steady < fresh && wall >= 0 && wall < fresh) return
      Atomics.wait(counts, 0, count, 1000)
    }
  }
}

/** PGlite's own way from a file to the name that the machine knows it by. */
function realPathOf(files: object): (node: object) => string {
  const realPath: unknown = Reflect.get(files, 'realPath')
  if (typeof realPath !== 'function') throw new Error('PGlite names its files in another way.')
  return (node) => String(realPath(node))
}

type Operations = Partial<Record<ChangingOperation, unknown>>

function operationsOf(files: object): readonly Operations[] {
  return ['stream_ops', 'node_ops'].flatMap((name) => {
    const operations: unknown = Reflect.get(files, name)
    return typeof operations === 'object' && operations !== null ? [operations] : []
  })
}

interface StreamOperations {
  read: (
    stream: { readonly path: string },
    /** Where it is read to, from `offset` on. */
    buffer: Int8Array,
    offset: number,
    ...place: readonly unknown[]
  ) => number
}

function hasStreamOperations(files: object): files is { stream_ops: StreamOperations } {
  return 'stream_ops' in files && typeof files.stream_ops === 'object'
}

type Done = Extract<WorkerReply, { kind: 'done' }>

const nothing: Done = { kind: 'done', rows: [], count: 0, byteColumns: [] }

function done(results: Results<Record<string, unknown>>): Done {
  const byteColumns = results.fields
    .filter((field) => byteTypes.has(field.dataTypeID))
    .map((field) => field.name)
  return { kind: 'done', rows: results.rows, count: results.rowCount ?? 0, byteColumns }
}

function failureOf(error: unknown): StatementFailure {
  if (!(error instanceof Error)) return { message: String(error) }
  const text = (name: string) => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    message: error.message,
    code: text('code'),
    detail: text('detail'),
    constraint: text('constraint'),
    where: text('where'),
  }
}
