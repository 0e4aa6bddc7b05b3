/**
 * A server, an agent that delivers to it, and a desk that has nothing but a token: processes and folders of their own, as on three machines.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '@sluice/model'
import { openRepository, openTokenStore } from '@sluice/project'
import pg from 'pg'
import { testLocation } from '../../../test/databases.ts'
import { freePort } from '../../../test/free-port.ts'
import { callCommandLine } from './call-command-line.ts'
import { type SluiceProcess, spawnSluice } from './sluice-process.ts'

export interface ThreePlacesOptions {
  readonly name: string
  /** What the server and the agent have alike: `entityTypes`, `sources`. */
  readonly common: string
  /** What the agent has besides. */
  readonly ofAgent?: string
  /** Of all sources. */
  readonly sources: readonly string[]
  /** The agent has that of `office`. */
  readonly tokens: readonly (readonly [name: string, role: Role, sources: readonly string[]])[]
}

/** As the server knows of it. */
interface AskingAgent {
  readonly agent: { readonly askedAt: string | null }
}

export interface ThreePlaces extends AsyncDisposable {
  /** Of the agent. */
  readonly folder: string
  readonly url: string
  /** Kills the server, as when its machine fails. */
  killServer(): Promise<void>
  startServer(): Promise<void>
  /** Until the server knows of it: `agents` are asked for again and again, until one has asked since it was started. */
  startAgent(agents: () => Promise<readonly AskingAgent[]>): Promise<SluiceProcess>
  killAgents(): Promise<void>
  /** What it has logged since it was started. */
  logOfServer(): string
  /** Every row of every table of the repository. */
  dump(): Promise<string>
  /** What the API answers to that name. */
  ask(name: string, method: string, path: string, body?: unknown): ReturnType<typeof askApi>
  /** At the desk, with the token of that name. */
  as(name: string, ...args: readonly string[]): ReturnType<typeof callCommandLine>
}

export async function openThreePlaces(options: ThreePlacesOptions): Promise<ThreePlaces> {
  await using opening = new AsyncDisposableStack()
  const root = mkdtempSync(join(tmpdir(), `sluice-${options.name}-`))
  opening.defer(() => rmSync(root, { recursive: true, force: true }))
  const [there, folder, desk] = [join(root, 'server'), join(root, 'agent'), join(root, 'desk')]
  for (const made of [there, folder, desk]) mkdirSync(made)
  const { location } = opening.use(await testLocation('postgres-18'))
  if (location.kind !== 'postgres') throw new Error('a server')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  writeFileSync(
    join(there, 'sluice.yaml'),
    `repository: {url: "${location.url}", schema: ${location.schema}}\nserver: {listen: "127.0.0.1:${port}"}\n${options.common}`,
  )
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `agent: {server: "${url}", tokenFile: office.token, retryFor: 1s}\n${options.common}${options.ofAgent ?? ''}`,
  )
  const secrets = await makeTokens(location, options)
  const secretOf = (name: string) => secrets.get(name) ?? ''
  writeFileSync(join(folder, 'office.token'), secretOf('office'))
  const processes = opening.use(new Processes(there, folder))
  await processes.startServer()
  const opened = opening.move()
  return {
    folder,
    url,
    killServer: () => processes.killServer(),
    startServer: () => processes.startServer(),
    startAgent: (agents) => processes.startAgent(agents),
    killAgents: () => processes.killAgents(),
    logOfServer: () => processes.logOfServer(),
    dump: () => dumped(location.url, location.schema),
    ask: (name, ...asked) => askApi(url, secretOf(name), ...asked),
    as: (name, ...args) =>
      callCommandLine(desk, args, { environment: { SLUICE_SERVER: url, SLUICE_TOKEN: secretOf(name) } }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function askApi(url: string, token: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

async function makeTokens(
  location: Parameters<typeof openRepository>[0],
  { tokens, sources: known }: ThreePlacesOptions,
): Promise<ReadonlyMap<string, string>> {
  await using repository = await openRepository(location)
  const store = openTokenStore(repository.database)
  const secrets = new Map<string, string>()
  for (const [name, role, sources] of tokens)
    secrets.set(name, (await store.create({ name, role, sources: [...sources] }, 'test', known)).secret)
  return secrets
}

async function dumped(url: string, schema: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const found = await client.query('select tablename from pg_tables where schemaname = $1', [schema])
    const texts: string[] = []
    for (const { tablename } of found.rows) {
      const { rows } = await client.query(`select t::text as row from "${schema}"."${tablename}" t`)
      texts.push(...rows.map(({ row }) => `${tablename}: ${row}`))
    }
    return texts.join('\n')
  } finally {
    await client.end()
  }
}

class Processes implements AsyncDisposable {
  readonly #there: string
  readonly #folder: string
  readonly #agents = new Set<SluiceProcess>()
  #server: SluiceProcess | undefined

  constructor(there: string, folder: string) {
    this.#there = there
    this.#folder = folder
  }

  async startServer(): Promise<void> {
    this.#server = spawnSluice(this.#there, ['server'])
    await this.#server.says('listening')
  }

  async killServer(): Promise<void> {
    this.#server?.child.kill('SIGKILL')
    await this.#server?.ended
  }

  async startAgent(agents: () => Promise<readonly AskingAgent[]>): Promise<SluiceProcess> {
    const since = new Date().toISOString()
    const started = spawnSluice(this.#folder, ['agent'])
    this.#agents.add(started)
    await started.says('the agent begins')
    // One that was killed counts as there for a while.
    const isThere = async () => (await agents()).some(({ agent }) => (agent.askedAt ?? '') >= since)
    while (!(await isThere())) await sleep(50)
    return started
  }

  logOfServer(): string {
    return JSON.stringify(this.#server?.lines())
  }

  async killAgents(): Promise<void> {
    for (const one of this.#agents) {
      one.child.kill('SIGKILL')
      await one.ended
    }
    this.#agents.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killAgents()
    await this.killServer()
  }
}
