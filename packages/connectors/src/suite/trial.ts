/**
 * A system that a connector is tried on, with a folder for what it exports.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectorExport, DeliveryMode, Source } from '@sluice/model'
import type { AnswerOf } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { exportByConnector } from '../run/export-by-connector.ts'
import { type CuttingOptions, CuttingProxy } from './cutting-proxy.ts'

/** A managed system with some rows in it, and how a connector is to read them. */
export interface ReadSystem extends AsyncDisposable {
  /** As a source names it: one that Sluice brings along, or the path of a folder. */
  readonly connector: string
  /** Where the system listens on this machine. */
  readonly port: number
  /** Its loopback address, where that is not 127.0.0.1. */
  readonly host?: string | undefined
  /** With another port where there is a proxy in between. They read in several pages. */
  options(port: number): Readonly<Record<string, unknown>>
  /** As `options`, but with a password that the system does not take. */
  wrongPassword(port: number): Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string>>
  /** No message may hold any of these. */
  readonly secrets: readonly string[]
  /** The file that the following are about. */
  readonly file: string
  /** How many rows it has at first: at least 100, and 9 KB as the system sends them. */
  readonly rows: number
  /** Adds one row, changes one, deletes one; what an incremental finds of it. Absent: changes are found by comparing. */
  readonly change?: (() => Promise<ChangedRows>) | undefined
}

/** With what is mapped of it. */
export interface MappedSystem extends ReadSystem {
  readonly mappings: Pick<Source, 'entities' | 'associations'>
}

export interface ChangedRows {
  readonly merged: number
  readonly deleted: number
}

export interface TrialExport {
  readonly options?: Readonly<Record<string, unknown>>
  readonly mode?: DeliveryMode
  readonly timeout?: number
  readonly retries?: number
  readonly signal?: AbortSignal
}

export class Trial implements AsyncDisposable {
  readonly of: MappedSystem
  readonly log: string[] = []
  readonly #folder = mkdtemp(join(tmpdir(), 'sluice-trial-'))
  #acknowledged = false

  constructor(of: MappedSystem) {
    this.of = of
  }

  async export(asked: TrialExport = {}): Promise<Exported> {
    const { options, mode = 'complete', timeout = 30_000, retries = 3, signal } = asked
    const { connector, environment, mappings, port } = this.of
    const path = await this.#folder
    const by: ConnectorExport = {
      connector,
      options: options ?? this.of.options(port),
      secrets: [],
      unset: [],
      workingFolder: path,
      timeout,
      retries,
    }
    const folder = join(path, 'files')
    const source: Source = { name: 'hr', folder, mode: 'auto', thresholds: {}, ...mappings, export: by }
    const answerOf: AnswerOf = async ({ stated }) => ({ mode: stated ?? mode })
    const log = ({ text }: { readonly text: string }) => void this.log.push(text)
    const cookies = this.#acknowledged ? join(path, 'cookies') : undefined
    return exportByConnector(by, { source, mode, answerOf, environment, log, signal, cookies }, { pause: 1 })
  }

  async through(broken: CuttingOptions, asked: TrialExport = {}): Promise<Exported> {
    const { host = '127.0.0.1', port } = this.of
    const proxy = await CuttingProxy.open({ host, port }, broken)
    try {
      return await this.export({ ...asked, options: this.of.options(proxy.port) })
    } finally {
      await proxy[Symbol.asyncDispose]()
    }
  }

  /** The new cookies are those of next time. */
  async acknowledge(): Promise<void> {
    const path = await this.#folder
    await rm(join(path, 'cookies'), { recursive: true, force: true })
    await cp(join(path, 'files', '.cookies'), join(path, 'cookies'), { recursive: true })
    this.#acknowledged = true
  }

  async lines(): Promise<number> {
    return (await this.#text(this.of.file)).trimEnd().split('\n').length
  }

  async state(): Promise<unknown> {
    const record: unknown = JSON.parse(await this.#text('export.json'))
    return typeof record === 'object' && record !== null && 'state' in record ? record.state : undefined
  }

  /** What the file tells of changes. */
  async commands(): Promise<ChangedRows> {
    const [header = '', ...rows] = (await this.#text(this.of.file)).trimEnd().split('\n')
    assert.match(header, /^command,/, 'A file of changes has the column command first.')
    const count = (command: string) => rows.filter((row) => row.startsWith(`${command},`)).length
    return { merged: count('merge') + count('insert') + count('update'), deleted: count('delete') }
  }

  async #text(name: string): Promise<string> {
    return readFile(join(await this.#folder, 'files', name), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.of[Symbol.asyncDispose]()
    await rm(await this.#folder, { recursive: true, force: true })
  }
}
