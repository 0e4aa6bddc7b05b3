/**
 * Sets up an agent and a server to play scenarios at, with every fault that they know: requests between them, their folders, the repository.
 *
 * The server is a real one over a PostgreSQL database of its own, so that the database can be copied and put back
 * whole, as an administrator restores a dump. Both run in this process.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  openProject,
  openServedProject,
  openTokenStore,
  type Project,
  type ServedProject,
} from '@sluice/project'
import { type RunningServer, startServer } from '@sluice/server'
import pg from 'pg'
import pino from 'pino'
import { inject } from 'vitest'
import { z } from 'zod'
import {
  type Fault,
  type FaultyProxy,
  faultyProxy,
  type PassedRequest,
} from '../../packages/agent/test/faulty-proxy.ts'
import type { RepositoryView } from '../../packages/engine/test/engine-harness.ts'
import {
  type Files,
  type MappingName,
  mappingNames,
  mappings,
  type SourceName,
  sourceNames,
  textOf,
  yamlOf,
} from './sources.ts'

/** An installation that both sources were taken up by, to be copied. */
export interface Template extends AsyncDisposable {
  readonly database: string
  /** With the folders of agent and server. */
  readonly folder: string
  readonly token: string
}

const urlOf = (database: string): string => {
  const url = new URL(inject('servers')['18'] ?? '')
  url.pathname = database
  return url.href
}

async function administer(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(urlOf('postgres'))
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

const newName = (): string => `whatever_${randomUUID().replaceAll('-', '')}`

/** Installs agent and server, and delivers what the sources hold at first. */
export async function createTemplate(first: Readonly<Record<SourceName, Files>>): Promise<Template> {
  const database = newName()
  await administer(`create database ${database}`)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-whatever-'))
  await mkdir(join(folder, 'server'))
  await mkdir(join(folder, 'agent/data'), { recursive: true })
  const token = await createToken(folder, database)
  const template: Template = {
    database,
    folder,
    token,
    [Symbol.asyncDispose]: async () => {
      await administer(`drop database ${database} with (force)`)
      await rm(folder, { recursive: true, force: true })
    },
  }
  const copy = await InstallationHarness.open(template, 'off')
  for (const source of sourceNames) {
    await copy.write(source, first[source])
    await copy.project.sync(source)
  }
  await copy.replace(template)
  return template
}

async function createToken(folder: string, database: string): Promise<string> {
  await writeConfiguration(join(folder, 'server'), database, 'off')
  await using served = await openServedProject(join(folder, 'server'), { environment: {} })
  const { repository } = served
  const tokens = openTokenStore(repository.database)
  return (await tokens.create({ name: 'agent', role: 'admin', sources: [] }, 'test', [])).secret
}

async function writeConfiguration(folder: string, database: string, thresholds: string): Promise<void> {
  const text = `repository: { url: "${urlOf(database)}", schema: sluice }\n${yamlOf(thresholds)}`
  await writeFile(join(folder, 'sluice.yaml'), text)
}

const referenceSchema = z.object({ delivery: z.string() })
const noteSchema = z.object({ id: z.string(), at: z.string(), stage: z.string() })

/** What became of a delivery, as far as the repository tells. */
export interface StoredRun {
  readonly run: number
  readonly source: SourceName
  readonly delivery: string
  readonly mode: string
  readonly state: string
}

export class InstallationHarness implements AsyncDisposable, RepositoryView {
  readonly #root: string
  readonly #template: Template
  readonly #database = newName()
  #backup: string
  #served: ServedProject | undefined
  #server: RunningServer | undefined
  #stopped: Promise<unknown> = Promise.resolve()
  #proxy: FaultyProxy | undefined
  #project: Project | undefined
  #faultOf: (request: PassedRequest) => Fault = () => 'none'

  private constructor(root: string, template: Template) {
    this.#root = root
    this.#template = template
    this.#backup = template.database
  }

  static async open(template: Template, thresholds: string): Promise<InstallationHarness> {
    const root = await mkdtemp(join(tmpdir(), 'sluice-whatever-'))
    await cp(template.folder, root, { recursive: true })
    const made = new InstallationHarness(root, template)
    await administer(`create database ${made.#database} template ${template.database}`)
    await writeConfiguration(made.#there, made.#database, thresholds)
    await writeFile(
      join(made.#here, 'sluice.yaml'),
      `agent: { retryFor: 300ms, compression: gzip }\n${yamlOf(thresholds)}`,
    )
    await copyIfThere(join(made.#here, '.sluice/state'), join(root, 'state'))
    await made.start()
    made.#proxy = await faultyProxy(
      () => made.#server?.url ?? 'http://127.0.0.1:9',
      (request) => made.#faultOf(request),
    )
    made.#project = await openProject(made.#here, {
      environment: {},
      server: made.#proxy.url,
      token: template.token,
    })
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave()
    await administer(`drop database ${this.#database} with (force)`)
  }

  /** Becomes the template it was made from. */
  async replace({ database, folder }: Template): Promise<void> {
    const root = this.#root
    await this.#close()
    await rm(folder, { recursive: true, force: true })
    await cp(root, folder, { recursive: true })
    await this.#leave()
    await administer(
      `drop database ${database} with (force)`,
      `alter database ${this.#database} rename to ${database}`,
    )
  }

  async #leave(): Promise<void> {
    await this.#project?.[Symbol.asyncDispose]()
    await this.#proxy?.[Symbol.asyncDispose]()
    await this.#close()
    await this.#dropBackup()
    await rm(this.#root, { recursive: true, force: true })
  }

  async #dropBackup(): Promise<void> {
    if (this.#backup !== this.#template.database)
      await administer(`drop database ${this.#backup} with (force)`)
  }

  get project(): Project {
    return known(this.#project)
  }

  get configuration() {
    return known(this.#served).configuration
  }

  get #there(): string {
    return join(this.#root, 'server')
  }

  get #here(): string {
    return join(this.#root, 'agent')
  }

  async rows<R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    const { database } = known(this.#served).repository
    return (await database.session((session) => session.query<R>(text, values))).rows
  }

  /** The files of the source are these from now on. */
  async write(source: SourceName, files: Files): Promise<void> {
    const own = mappingNames.filter((mapping) => mappings[mapping].source === source)
    for (const mapping of own)
      await writeFile(join(this.#here, 'data', `${mapping}.csv`), textOf(mapping, files[mapping] ?? []))
  }

  /** Runs `work` with faults in its requests; the server may be stopped by them. */
  async withFaults<T>(faultOf: (request: PassedRequest) => Fault, work: () => Promise<T>): Promise<T> {
    this.#faultOf = faultOf
    try {
      return await work()
    } finally {
      this.#faultOf = () => 'none'
    }
  }

  async start(): Promise<void> {
    await this.#stopped
    this.#served ??= await openServedProject(this.#there, { environment: {} })
    const { configuration, repository, synchronizer } = this.#served
    this.#server ??= await startServer({
      configuration: { ...configuration, server: { ...configuration.server, port: 0 } },
      repository,
      synchronizer,
      log: pino({ level: 'silent' }),
      version: '0.0.0',
    })
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) this.#stopped = server.stop()
    await this.#stopped
  }

  async #close(): Promise<void> {
    await this.stop()
    await this.#served?.[Symbol.asyncDispose]()
    this.#served = undefined
  }

  /** Waits until the server has synchronized everything it can. */
  async settle(): Promise<void> {
    await this.start()
    const { synchronizer } = known(this.#served)
    const end = performance.now() + 20_000
    for (;;) {
      const waiting = await synchronizer.waitingSources()
      const running = await this.rows(`select from sluice_run where state = 'running'`)
      if (waiting.length + running.length === 0) return
      if (performance.now() > end)
        throw new Error(`The queue of ${waiting.map(({ source }) => source).join()} does not go on.`)
      await sleep(10)
    }
  }

  /** Much time passes: what was announced and never came is given up. */
  async expire(): Promise<void> {
    await sleep(2)
    await known(this.#served).synchronizer.expireDeliveries(1)
  }

  /** Copies the repository and what the agent remembers, in place of the copy before. */
  async backUp(): Promise<void> {
    await this.#close()
    await this.#dropBackup()
    this.#backup = newName()
    await administer(`create database ${this.#backup} template ${this.#database}`)
    await rm(join(this.#root, 'state'), { recursive: true, force: true })
    await copyIfThere(join(this.#here, '.sluice/state'), join(this.#root, 'state'))
    await this.start()
  }

  /** The repository is again what it was when it was backed up, at first otherwise; the agent knows nothing of it. */
  async restore(): Promise<void> {
    await this.#close()
    await administer(
      `drop database ${this.#database} with (force)`,
      `create database ${this.#database} template ${this.#backup}`,
    )
    await this.start()
  }

  /** The agent's state of a source is again what it was when it was backed up, at first otherwise. */
  async restoreState(source: SourceName): Promise<void> {
    await this.forget(source, 'state')
    await copyIfThere(join(this.#root, 'state', source), this.#state(source))
  }

  async forget(source: SourceName, what: 'state' | 'outbox'): Promise<void> {
    const folder = what === 'state' ? this.#state(source) : this.#outbox(source)
    await rm(folder, { recursive: true, force: true })
    if (what === 'outbox') await rm(`${folder}.waiting`, { recursive: true, force: true })
  }

  /** Changes one byte of a file: of the reference, or of what waits in the outbox. `false` when there is none. */
  async tamper(source: SourceName, where: 'reference' | 'outbox', mapping: MappingName): Promise<boolean> {
    const folder = where === 'reference' ? join(this.#state(source), 'previous') : this.#outbox(source)
    let tampered = false
    for (const ending of where === 'reference' ? ['csv'] : ['csv', 'delta']) {
      const path = join(folder, `${mapping}.sorted.${ending}`)
      const bytes = await readFile(path).catch(() => undefined)
      if (bytes === undefined || bytes.length < 2) continue
      const at = bytes.length - 2
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
      await writeFile(path, bytes)
      tampered = true
    }
    return tampered
  }

  /** The delivery that the agent takes for the one applied last. */
  async reference(source: SourceName): Promise<string | undefined> {
    const text = await textIn(join(this.#state(source), 'previous/reference.json'))
    return text === undefined ? undefined : referenceSchema.parse(JSON.parse(text)).delivery
  }

  /** A move of the reference that was begun and not ended. */
  async isMoving(source: SourceName): Promise<boolean> {
    return (await textIn(join(this.#state(source), 'next/reference.json'))) !== undefined
  }

  /** The delivery in the outbox, and when it was begun. */
  async note(source: SourceName): Promise<z.infer<typeof noteSchema> | undefined> {
    return noteIn(this.#outbox(source))
  }

  /** Those that wait before it, in order. */
  async notesBefore(source: SourceName): Promise<readonly z.infer<typeof noteSchema>[]> {
    const line = `${this.#outbox(source)}.waiting`
    const names = (await readdir(line).catch(() => [])).sort()
    const notes = await Promise.all(names.map((name) => noteIn(join(line, name))))
    return notes.filter((note) => note !== undefined)
  }

  async runs(): Promise<readonly StoredRun[]> {
    return await this.rows<StoredRun>(
      `select run_id::int as run, s.name as source, delivery_id as delivery, mode, state
       from sluice_run join sluice_source s using (source_id) order by run_id`,
    )
  }

  async applied(source: SourceName): Promise<string | undefined> {
    const [row] = await this.rows<{ applied: string | null }>(
      'select applied_delivery as applied from sluice_source where name = $1',
      [source],
    )
    return row?.applied ?? undefined
  }

  #state(source: SourceName): string {
    return join(this.#here, '.sluice/state', source)
  }

  #outbox(source: SourceName): string {
    return join(this.#here, '.sluice/outbox', source)
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The server is not there.')
  return value
}

async function noteIn(folder: string): Promise<z.infer<typeof noteSchema> | undefined> {
  const text = await textIn(join(folder, 'delivery.json'))
  return text === undefined ? undefined : noteSchema.parse(JSON.parse(text))
}

async function textIn(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
