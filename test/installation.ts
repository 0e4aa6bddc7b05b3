/**
 * Agent and server as people run them, for tests that kill them: a project in a folder, a server in a process of
 * its own over PostgreSQL, and between it and the agent a proxy that counts and spoils requests.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openProject, openRepository, openTokenStore, type Repository, type RunReport } from '@sluice/project'
import { expect } from 'vitest'
import {
  type Fault,
  type FaultyProxy,
  faultyProxy,
  type PassedRequest,
} from '../packages/agent/test/faulty-proxy.ts'
import { testLocation } from './databases.ts'

const main = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url))

interface ServerProcess {
  readonly child: ChildProcess
  readonly url: string
}

export class Installation implements AsyncDisposable {
  /** Processes that were killed so far. */
  killed = 0
  readonly #folder: string
  readonly #repository: Repository
  readonly #token: string
  readonly #place: AsyncDisposable
  #proxy: FaultyProxy | undefined
  #server: ServerProcess | undefined
  #agent: ChildProcess | undefined
  #restarted: Promise<void> = Promise.resolve()
  #faultOf: (request: PassedRequest) => Fault = () => 'none'
  #count = 0

  private constructor(folder: string, repository: Repository, token: string, place: AsyncDisposable) {
    this.#folder = folder
    this.#repository = repository
    this.#token = token
    this.#place = place
  }

  static async start(): Promise<Installation> {
    const place = await testLocation('postgres-18')
    if (place.location.kind !== 'postgres') throw new Error('The test needs a server.')
    const folder = await mkdtemp(join(tmpdir(), 'sluice-installation-'))
    const { url, schema } = place.location
    await mkdir(join(folder, 'data'))
    await writeFile(
      join(folder, 'sluice.yaml'),
      `repository: {url: "${url}", schema: ${schema}}
entityTypes: {Person: {display: name, properties: {number: string, name: string}}}
agent: {retryFor: 20s}
sources:
  hr:
    folder: data
    mode: incremental
    thresholds: off
    entities: {Person: {file: people.csv, key: number, properties: {number: no, name: name}}}
`,
    )
    const repository = await openRepository(place.location)
    const { secret } = await openTokenStore(repository.database).create(
      { name: 'agent', role: 'agent', sources: ['hr'] },
      'test',
      ['hr'],
    )
    const made = new Installation(folder, repository, secret, place)
    await made.#startServer()
    made.#proxy = await faultyProxy(
      () => made.#server?.url ?? '',
      (request) => made.#faultOf({ ...request, index: made.#count++ }),
    )
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent?.kill('SIGKILL')
    await this.#restarted.catch(() => undefined)
    await this.#proxy?.[Symbol.asyncDispose]()
    await this.#killServer()
    await this.#repository[Symbol.asyncDispose]()
    await this.#place[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async export(...names: readonly string[]): Promise<void> {
    const rows = names.map((name, number) => `${number},${name}\n`)
    await writeFile(join(this.#folder, 'data/people.csv'), `no,name\n${rows.join('')}`)
  }

  /** `sluice sync hr` through the server, in this process. */
  async sync(): Promise<RunReport> {
    await using project = await openProject(this.#folder, { environment: {}, ...this.#through() })
    return await project.sync('hr')
  }

  /** The same in a process of its own, however it ends. */
  async spawnSync(): Promise<void> {
    const { server, token } = this.#through()
    const child = spawn(process.execPath, [main, 'sync', 'hr', '--server', server], {
      cwd: this.#folder,
      env: { ...process.env, SLUICE_TOKEN: token },
      stdio: 'ignore',
    })
    this.#agent = child
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
    if (signal !== null) this.killed += 1
  }

  /** The methods of the requests that a piece of work makes. */
  async requestsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const methods: string[] = []
    this.#faultOf = ({ method }) => {
      methods.push(method)
      return 'none'
    }
    await work()
    return methods
  }

  /** At the next request number `step` (from 0), one of the two is killed. A server comes up again by itself. */
  killAt(step: number, phase: 'before' | 'after', victim: 'agent' | 'server'): void {
    this.#count = 0
    this.#faultOf = ({ index }) => {
      if (index !== step) return 'none'
      const strike = () => {
        if (victim === 'agent') this.#agent?.kill('SIGKILL')
        else this.#restarted = this.#restartServer()
      }
      if (phase === 'after') return { answered: strike }
      strike()
      return 'lose request'
    }
  }

  killNobody(): void {
    this.#faultOf = () => 'none'
  }

  async stored(): Promise<readonly unknown[]> {
    const names: unknown[] = []
    for await (const { values } of this.#repository.resources('Person')) {
      names.push([values['number'], values['name']])
    }
    return names.sort().map((pair) => (Array.isArray(pair) ? pair[1] : pair))
  }

  /** No delivery was worked on by two runs that were both applied. */
  async expectAppliedOnce(): Promise<void> {
    const { rows } = await this.#repository.database.session((session) =>
      session.query(
        `select delivery_id from sluice_run where state = 'applied' group by delivery_id having count(*) > 1`,
      ),
    )
    expect(rows).toEqual([])
  }

  #through(): { readonly server: string; readonly token: string } {
    return { server: this.#proxy?.url ?? '', token: this.#token }
  }

  async #startServer(): Promise<void> {
    const child = spawn(process.execPath, [main, 'server', '--port', '0', '--log-format', 'json'], {
      cwd: this.#folder,
    })
    const output: string[] = []
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        output.push(line)
        const found = /"url":"([^"]+)".*"msg":"listening"/.exec(line)
        if (found?.[1] !== undefined) resolve(found[1])
      })
      child.once('exit', (status) =>
        reject(new Error(`The server ended with ${status}: ${output.join('\n')}`)),
      )
    })
    this.#server = { child, url }
  }

  async #restartServer(): Promise<void> {
    this.killed += 1
    await this.#killServer()
    await this.#startServer()
  }

  async #killServer(): Promise<void> {
    const child = this.#server?.child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}
