/**
 * Sets up a server and an agent, each with a disk of its own; the server may be stopped and started.
 *
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTokenStore } from '@sluice/repository'
import { type RunningServer, startServer } from '@sluice/server'
import pino from 'pino'
import { migratedLocation } from '../../../test/databases.ts'
import { openProject } from '../src/open/open-project.ts'
import { openServedProject } from '../src/open/open-served-project.ts'
import type { Project } from '../src/open/project.ts'
import { leaveDead } from './leave-dead.ts'

export interface RemoteProjectHarness extends AsyncDisposable {
  /** Folder of the agent's project. */
  readonly folder: string
  readonly outbox: string
  readonly url: string
  readonly secret: string
  readonly project: Project
  /** The same project in another process, as far as it can know; `url`: on another way to the server. */
  reopen(url?: string): Promise<Project>
  /** The server starts and stops; its address stays. */
  startServer(): Promise<void>
  stopServer(): Promise<void>
  /** As after an older dump of the repository was restored. */
  forget(): Promise<void>
  /** As if the agent had been gone for longer than the server keeps the place of a delivery. */
  expire(delivery: string): Promise<void>
  /** As if servers had died of the delivery, which is announced, and the last of them just now. */
  deadly(delivery: string): Promise<void>
  /** Whatever brings a person of this name fails in the database. */
  failing(name: string | undefined): Promise<void>
  /** The source holds these people, numbered from 0. */
  export(...names: readonly string[]): Promise<void>
  exportText(text: string): Promise<void>
  /** Subjects of the notifications that were written. */
  notified(): Promise<readonly unknown[]>
  /** The people in the repository. */
  names(): Promise<readonly unknown[]>
}

const yamlOf = (place: string) => `
entityTypes: {Person: {display: name, properties: {number: string, name: string}}}
sources:
  hr:
    ${place}
    mode: incremental
    thresholds: {deleted: {count: 2}}
    entities: {Person: {file: people.csv, key: number, properties: {number: no, name: name}}}
`

/**
 * @param program The text of a shell script in the agent's folder that exports, in place of files in the folder `data`.
 * @param retryFor How long the agent tries again what does not get through.
 * @param atServer More of the server's configuration.
 */
export async function openRemoteProjectHarness(
  program?: string,
  retryFor = '1ms',
  atServer = '',
): Promise<RemoteProjectHarness> {
  const yaml = yamlOf(program === undefined ? 'folder: data' : 'export: {command: [sh, export.sh]}')
  await using opened = new AsyncDisposableStack()
  const place = opened.use(await migratedLocation('postgres-18'))
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const root = await mkdtemp(join(tmpdir(), 'sluice-two-'))
  opened.defer(() => rm(root, { recursive: true, force: true }))
  const { url: database, schema } = place.location
  const [there, folder] = [join(root, 'server'), join(root, 'agent')]
  await mkdir(there)
  await mkdir(join(folder, 'data'), { recursive: true })
  await writeFile(
    join(there, 'sluice.yaml'),
    `repository: {url: "${database}", schema: ${schema}}\n${atServer}\n${yaml}`,
  )
  // It names no repository, and none must come to be.
  if (program !== undefined) await writeFile(join(folder, 'export.sh'), program)
  await writeFile(join(folder, 'sluice.yaml'), `agent: {retryFor: ${retryFor}}\n${yaml}`)

  const served = opened.use(await openServedProject(there, { environment: {} }))
  const { repository } = served
  const power = opened.adopt(new ServerSwitch(served), (one) => one.off())
  const url = await power.on()
  const token = { name: 'test', role: 'admin' as const, sources: [] }
  const { secret } = await openTokenStore(repository.database).create(token, 'test', [])
  const open = (server: string) => openProject(folder, { environment: {}, server, token: secret })
  const project = opened.use(await open(url))
  const exportText = (text: string) => writeFile(join(folder, 'data/people.csv'), text)
  const all = opened.move()
  return {
    folder,
    outbox: join(folder, '.sluice/outbox/hr'),
    url,
    secret,
    project,
    reopen: async (server = url) => all.use(await open(server)),
    startServer: async () => void (await power.on()),
    stopServer: () => power.off(),
    forget: () =>
      repository.database.session(async (session) => {
        await session.query('update sluice_source set applied_delivery = gen_random_uuid()')
      }),
    expire: (delivery) =>
      repository.database.session(async (session) => {
        const expired = `update sluice_delivery set state = 'cancelled', reason = 'it expired' where delivery_id = $1 returning 1`
        const { rows } = await session.query(expired, [delivery])
        if (rows.length !== 1) throw new Error(`The server does not know of delivery ${delivery}.`)
      }),
    deadly: (delivery) => leaveDead(repository.database, served.configuration.server.inbox, delivery),
    failing: (name) =>
      repository.database.session(async (session) => {
        await session.query('alter table person drop constraint if exists nobody_of_that_name')
        if (name === undefined) return
        await session.query(`alter table person add constraint nobody_of_that_name check (name <> '${name}')`)
      }),
    export: (...names) => exportText(`no,name\n${names.map((name, at) => `${at},${name}\n`).join('')}`),
    exportText,
    async notified() {
      const { rows } = await repository.database.session((session) =>
        session.query<{ subject: string }>(
          `select content ->> 'subject' as subject from sluice_notification order by position`,
        ),
      )
      return rows.map(({ subject }) => subject)
    },
    async names() {
      const found: unknown[] = []
      for await (const { values } of repository.resources('Person')) found.push(values['name'])
      return found.sort()
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** The server, on or off, always at the port it had first. */
class ServerSwitch {
  readonly #served: Awaited<ReturnType<typeof openServedProject>>
  #server: RunningServer | undefined
  #port = 0

  constructor(served: Awaited<ReturnType<typeof openServedProject>>) {
    this.#served = served
  }

  async on(): Promise<string> {
    const { configuration, repository, synchronizer } = this.#served
    // An agent that dies again and again asks more often than one that lives.
    const limits = { ...configuration.server.limits, requestsPerMinute: 1_000_000 }
    this.#server = await startServer({
      configuration: { ...configuration, server: { ...configuration.server, limits, port: this.#port } },
      repository,
      synchronizer,
      log: pino({ level: 'silent' }),
      version: '0.0.0',
    })
    this.#port = this.#server.port
    return this.#server.url
  }

  async off(): Promise<void> {
    await this.#server?.stop()
    this.#server = undefined
  }
}
