/**
 * The side of PGlite's thread that the rest of the process talks to.
 *
 * @module
 */
import { Worker } from 'node:worker_threads'
import { type HeldLock, LockLostError } from '@sluice/files'
import { ConnectionLostError } from './errors.ts'
import type { WorkerReply, WorkerRequest } from './pglite-protocol.ts'
import { errorOfStatement } from './statement-errors.ts'

/** As `pglite-worker.ts` in the sources, as `pglite-worker.js` where they were compiled. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./pglite-worker.ts', import.meta.url)
  : new URL('./pglite-worker.js', import.meta.url)

type Done = Extract<WorkerReply, { kind: 'done' }>

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void
  readonly reject: (error: unknown) => void
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** The database that is opened, and the lock of its folder. */
interface OpenedFolder {
  readonly location: string
  readonly schema: string
  readonly lock: HeldLock
}

/** One PGlite in a thread of its own. Requests are answered one after the other. */
export class PGliteThread implements AsyncDisposable {
  readonly #worker: Worker
  #database = { location: 'PGlite', schema: '' }
  #waiting: Waiting | undefined
  #last: Promise<unknown> = Promise.resolve()
  /** Why the thread ended by itself. */
  #ended: Error | undefined

  #lock: HeldLock | undefined

  /** Loads PGlite, which takes a while, and opens nothing yet. */
  constructor() {
    this.#worker = new Worker(entry, { execArgv: [] })
    this.#worker.unref()
    this.#worker.on('message', (reply: WorkerReply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', (status) => this.#end(new Error(`its thread ended with status ${status}`)))
  }

  /** To be called once, before anything is asked. */
  async open(dataFolder: string, { lock, ...database }: OpenedFolder): Promise<void> {
    this.#database = database
    this.#lock = lock
    try {
      await this.request({ kind: 'open', dataFolder, lock: lock.shared })
    } catch (error) {
      await this.abandon()
      throw error
    }
  }

  /** Of what was never opened. */
  async abandon(): Promise<void> {
    await this.#worker.terminate()
  }

  /** Throws what the database reported, as an error of this process. */
  request(request: WorkerRequest, onBytes?: (bytes: number) => void): Promise<Done> {
    const reply = this.#last.then(() => {
      if (this.#ended) throw this.#ended
      this.#lock?.check()
      const done = this.#wait(onBytes)
      this.#worker.postMessage(request)
      return done
    })
    this.#last = reply.catch(() => undefined)
    return reply
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return
    try {
      await this.request({ kind: 'close' })
    } catch (error) {
      // Whoever has the folder now closes it, and whoever was at work here has been told.
      if (!(error instanceof LockLostError)) throw error
    } finally {
      this.#ended ??= new Error('The database is closed.')
      await this.#worker.terminate()
    }
  }

  async #wait(onBytes?: (bytes: number) => void): Promise<Done> {
    // An idle thread does not keep the process alive, one at work does.
    this.#worker.ref()
    try {
      const reply = await new Promise<WorkerReply>((resolve, reject) => {
        this.#waiting = { resolve, reject, onBytes }
      })
      // Of what could not write, because the folder is another one's by now, PGlite may say that it succeeded.
      this.#lock?.check()
      if (reply.kind === 'failed') throw errorOfStatement(reply.failure, this.#database)
      return reply.kind === 'done' ? reply : { kind: 'done', rows: [], count: 0, byteColumns: [] }
    } finally {
      this.#worker.unref()
    }
  }

  #receive(reply: WorkerReply): void {
    const waiting = this.#waiting
    if (reply.kind === 'bytes') {
      waiting?.onBytes?.(reply.bytes)
      return
    }
    this.#waiting = undefined
    waiting?.resolve(reply)
  }

  #end(reason: unknown): void {
    this.#ended ??= new ConnectionLostError(this.#database.location, reason)
    this.#waiting?.reject(this.#ended)
    this.#waiting = undefined
  }
}
