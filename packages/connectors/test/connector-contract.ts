/**
 * What every connector does that reaches its system over a network, whatever the system is.
 *
 * @module
 */
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectorExport, DeliveryMode, Source } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { sourceOf, temporaryFolder } from '../../prepare/test/prepare-text.ts'
import type { AnswerOf } from '../src/contract/export-request.ts'
import type { Exported } from '../src/contract/exported.ts'
import { exportByConnector } from '../src/run/export-by-connector.ts'
import { type CuttingOptions, CuttingProxy } from './cutting-proxy.ts'

/** A managed system with some rows in it, and how a connector is to read them. */
export interface ConnectorScenario extends AsyncDisposable {
  readonly connector: string
  /** Where the system listens on this machine. */
  readonly port: number
  /** Its loopback address, where that is not the usual one. */
  readonly host?: string
  /** With another port where there is a proxy in between. They read in several pages. */
  options(port: number): Readonly<Record<string, unknown>>
  /** As `options`, but with a password that the system does not take. */
  wrongPassword(port: number): Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string>>
  /** No message may hold any of these. */
  readonly secrets: readonly string[]
  readonly mappings: Pick<Source, 'entities' | 'associations'>
  /** The file that the following are about. */
  readonly file: string
  /** How many rows it has at first: at least 100. */
  readonly rows: number
  /** Adds one row, changes one, deletes one; what an incremental finds of it. Absent: changes are found by comparing. */
  readonly change?: () => Promise<ChangedRows>
}

export interface ChangedRows {
  readonly merged: number
  readonly deleted: number
}

export function describeConnectorContract(name: string, open: () => Promise<ConnectorScenario>): void {
  describe(`the connector ${name}`, () => {
    const opened = async () => new Reading(await open())

    test('writes every row of several pages, and says how many', async () => {
      await using system = await opened()
      const exported = await system.export()
      expect(exported.rows[system.of.file]).toBe(system.of.rows)
      expect(await system.lines()).toBe(system.of.rows + 1)
    })

    test('begins again when the connection breaks on the way, and loses and doubles nothing', async () => {
      await using system = await opened()
      const exported = await system.through({ after: [3000, 6000] })
      expect(exported.rows[system.of.file]).toBe(system.of.rows)
      expect(await system.lines()).toBe(system.of.rows + 1)
      expect(system.log.filter((line) => line.endsWith('It is tried again.'))).toHaveLength(2)
    })

    test('takes no part for all of it when the connection breaks each time', async () => {
      await using system = await opened()
      await expect(system.through({ after: [3000, 3000] }, { retries: 1 })).rejects.toMatchObject({
        code: 'SLUICE-CONNECT-03',
        retry: true,
      })
      expect(await system.state()).toBe('failed')
    })

    test('does not wait for ever for a system that falls silent', async () => {
      await using system = await opened()
      const silent = { after: [3000], how: 'silent' as const }
      await expect(system.through(silent, { timeout: 1000, retries: 0 })).rejects.toMatchObject({
        code: 'SLUICE-CONNECT-04',
      })
    })

    test('ends at once when it is interrupted', async () => {
      await using system = await opened()
      const stop = new AbortController()
      const exporting = system.through({ after: [3000], how: 'silent' }, { signal: stop.signal })
      setTimeout(() => stop.abort(new Error('stopped')), 200)
      await expect(exporting).rejects.toThrow('stopped')
    })

    test('names a system that cannot be reached', async () => {
      await using system = await opened()
      await using proxy = await CuttingProxy.open(1, { after: [] })
      const { port } = proxy
      await proxy[Symbol.asyncDispose]().catch(() => {})
      await expect(system.export({ options: system.of.options(port), retries: 0 })).rejects.toThrow(
        `:${port}`,
      )
    })

    test('shows no secret, whether the system takes it or not', async () => {
      await using system = await opened()
      await system.export()
      const options = system.of.wrongPassword(system.of.port)
      const failed = await system.export({ options }).catch((error: unknown) => error)
      expect(failed).toMatchObject({ code: 'SLUICE-CONNECT-03', retry: false })
      const shown = [JSON.stringify(failed, Object.getOwnPropertyNames(failed)), ...system.log].join('\n')
      for (const secret of system.of.secrets) expect(shown).not.toContain(secret)
    })

    test('finds what has changed since its cookie, and again when that export failed', async ({ skip }) => {
      await using system = await opened()
      if (system.of.change === undefined) return skip('It leaves that to comparing.')
      await system.export()
      await system.acknowledge()
      const expected = await system.of.change()
      await expect(
        system.through({ after: [100, 100] }, { retries: 0, mode: 'incremental' }),
      ).rejects.toMatchObject({ retry: true })
      for (let again = 0; again < 2; again++) {
        await system.export({ mode: 'incremental' })
        expect(await system.commands()).toEqual(expected)
      }
      await system.acknowledge()
      await system.export({ mode: 'incremental' })
      expect(await system.commands()).toEqual({ merged: 0, deleted: 0 })
    })
  })
}

interface Asked {
  readonly options?: Readonly<Record<string, unknown>>
  readonly mode?: DeliveryMode
  readonly timeout?: number
  readonly retries?: number
  readonly signal?: AbortSignal
}

/** A scenario with a folder for its files, and what was logged. */
class Reading implements AsyncDisposable {
  readonly of: ConnectorScenario
  readonly log: string[] = []
  readonly #folder = temporaryFolder()
  #acknowledged = false

  constructor(of: ConnectorScenario) {
    this.of = of
  }

  async export({
    options,
    mode = 'complete',
    timeout = 30_000,
    retries = 3,
    signal,
  }: Asked = {}): Promise<Exported> {
    const { connector, environment, mappings, port } = this.of
    const { path } = await this.#folder
    const by: ConnectorExport = {
      connector,
      options: options ?? this.of.options(port),
      secrets: [],
      unset: [],
      workingFolder: path,
      timeout,
      retries,
    }
    const source = { ...sourceOf(join(path, 'files'), mappings), export: by }
    const answerOf: AnswerOf = async ({ stated }) => ({ mode: stated ?? mode })
    const log = ({ text }: { readonly text: string }) => void this.log.push(text)
    const cookies = this.#acknowledged ? join(path, 'cookies') : undefined
    return exportByConnector(by, { source, mode, answerOf, environment, log, signal, cookies }, { pause: 1 })
  }

  async through(broken: CuttingOptions, asked: Asked = {}): Promise<Exported> {
    const { host = '127.0.0.1', port } = this.of
    await using proxy = await CuttingProxy.open({ host, port }, broken)
    return await this.export({ ...asked, options: this.of.options(proxy.port) })
  }

  /** The new cookies are those of next time. */
  async acknowledge(): Promise<void> {
    const { path } = await this.#folder
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
    expect(header).toMatch(/^command,/)
    const count = (command: string) => rows.filter((row) => row.startsWith(`${command},`)).length
    return { merged: count('merge') + count('insert') + count('update'), deleted: count('delete') }
  }

  async #text(name: string): Promise<string> {
    return readFile(join((await this.#folder).path, 'files', name), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.of[Symbol.asyncDispose]()
    await (await this.#folder)[Symbol.asyncDispose]()
  }
}
