/**
 * Drives servers in tests: a repository of three sources, servers on loopback over it, a token of
 * each role, and an agent that is a few calls of the protocol's client.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { openSynchronizer } from '@sluice/inbox'
import {
  type Configuration,
  parseConfiguration,
  type RepositoryLocation,
  type Role,
  type ServerSettings,
} from '@sluice/model'
import { type Client, type DeliveryStatus, type Manifest, openClient, routes } from '@sluice/protocol'
import { openRepository, openTokenStore, type Repository } from '@sluice/repository'
import pino from 'pino'
import { type DatabaseKind, migratedLocation } from '../../../test/databases.ts'
import { type RunningServer, type ServerOptions, startServer } from '../src/index.ts'

const entity = (source: string, type: string) => `
  ${source}:
    folder: .
    thresholds: off
    entities:
      ${type}: { file: ${type}.csv, key: number, properties: { number: number, name: name } }`

/** One entity type for each source. `guarded` is held by the default thresholds. */
export const yaml = `
repository: ./repository
entityTypes:
  Person: { display: name, properties: { number: { type: string, required: true }, name: string } }
  Account: { display: name, properties: { number: { type: string, required: true }, name: string } }
  Client: { display: name, properties: { number: { type: string, required: true }, name: string } }
sources:${entity('hr', 'Person')}${entity('ad', 'Account')}${entity('crm', 'Client').replace('thresholds: off', 'thresholds: { deleted: { count: 1 } }')}
`

const typeOf: Readonly<Record<string, string>> = { hr: 'Person', ad: 'Account', crm: 'Client' }

export interface ServerHarness extends AsyncDisposable {
  readonly folder: string
  readonly configuration: Configuration
  readonly repository: Repository
  /** Secrets by role; the agent's reaches `hr` and `crm`. */
  readonly secrets: Readonly<Record<Role, string>>
  /** Lines of all logs. */
  readonly logged: string[]
  /** Another server over the same repository; stopped with the harness. */
  serve(
    settings?: Partial<ServerSettings>,
    options?: Pick<ServerOptions, 'synchronizes' | 'reread'> & {
      /** In place of the harness's own. */
      readonly with?: Partial<Pick<Configuration, 'notifications' | 'sources'>> | undefined
    },
  ): Promise<RunningServer>
}

/** `reroute`: the repository's location as the servers are to see it. `text`: a configuration in place of the harness's own. */
export async function createServerHarness(
  kind: DatabaseKind = 'postgres-18',
  reroute = (location: RepositoryLocation) => location,
  text = yaml,
): Promise<ServerHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-server-'))
  const place = await migratedLocation(kind)
  const repository = await openRepository(reroute(place.location))
  const configuration = { ...configurationIn(folder, text), repository: place.location }
  await repository.evolve(configuration)
  const logged: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const started: RunningServer[] = []
  return {
    folder,
    configuration,
    repository,
    secrets: await secretsOf(repository),
    logged,
    async serve(settings = {}, { with: more = {}, ...options } = {}) {
      const server = { ...configuration.server, port: 0, ...settings }
      const own = { ...configuration, ...more, server }
      const running = await startServer({
        configuration: own,
        repository,
        synchronizer: openSynchronizer({
          repository,
          configuration: own,
          inbox: { folder: server.inbox, deliverySize: server.limits.deliverySize, quota: server.limits },
        }),
        log: pino({ level: 'debug' }, sink),
        version: '0.0.0',
        ...options,
      })
      started.push(running)
      return running
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((server) => server.stop()))
      await repository[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** `text` in place of the harness's own. */
export function configurationIn(folder: string, text = yaml): Configuration {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }], {
    resolvePath: (_file, relative) => join(folder, relative),
  })
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

async function secretsOf(repository: Repository): Promise<Record<Role, string>> {
  const tokens = openTokenStore(repository.database)
  const make = async (role: Role) => {
    const sources = role === 'agent' ? ['hr', 'crm'] : []
    return (await tokens.create({ name: `the-${role}`, role, sources }, 'test', ['hr', 'crm', 'ad'])).secret
  }
  return {
    viewer: await make('viewer'),
    editor: await make('editor'),
    operator: await make('operator'),
    agent: await make('agent'),
    admin: await make('admin'),
  }
}

export function clientOf(server: { readonly url: string }, token: string | undefined): Client {
  return openClient({
    server: server.url,
    token,
    fetch: (url, { body = null, signal = null, ...init }) => fetch(url, { ...init, body, signal }),
  })
}

export interface Content {
  readonly name: string
  readonly bytes: Buffer
  readonly manifest: Manifest
}

/** A prepared delivery of some names, numbered from 0. */
export function contentOf(source: string, names: readonly string[]): Content {
  const mapping = typeOf[source] ?? ''
  const bytes = Buffer.from(`number,name\n${names.map((name, number) => `${number},${name}\n`).join('')}`)
  const name = `${mapping}.sorted.csv`
  const file = {
    name,
    mapping,
    kind: 'sorted' as const,
    columns: ['number', 'name'],
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    rows: names.length,
    read: names.length,
    rejected: 0,
    nullKey: 0,
    duplicate: 0,
    noLink: 0,
    unchanged: 0,
    deleted: 0,
  }
  return { name, bytes, manifest: { files: [file], timings: { export: 0, prepare: 0 }, notes: [] } }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** One request as it stands, with whatever is wrong in it. */
export async function ask(
  server: { readonly url: string },
  path: string,
  init: RequestInit & { readonly token?: string | undefined } = {},
): Promise<RawAnswer> {
  const { token, ...rest } = init
  const headers = new Headers(rest.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const answer = await fetch(`${server.url}${path}`, {
    ...rest,
    headers,
    ...(rest.body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Appends bytes to a delivered file. */
export async function append(
  server: { readonly url: string },
  token: string,
  of: { readonly delivery: string; readonly file: string; readonly offset?: number },
  body: NonNullable<RequestInit['body']>,
  encoding?: string,
): Promise<RawAnswer> {
  const path = `/api/v1/deliveries/${of.delivery}/files/${of.file}?offset=${of.offset ?? 0}`
  const headers = encoding === undefined ? {} : { 'content-encoding': encoding }
  return await ask(server, path, { method: 'PATCH', token, body, headers })
}

/** Announces, uploads and seals a complete delivery. */
export async function deliver(
  server: { readonly url: string },
  token: string,
  source: string,
  names: readonly string[],
  id: string = randomUUID(),
): Promise<DeliveryStatus> {
  const client = clientOf(server, token)
  const { name, bytes, manifest } = contentOf(source, names)
  const params = { delivery: id }
  await client.call(routes.announce, { params, body: { source, mode: 'complete' } })
  await append(server, token, { delivery: id, file: name }, bytes)
  return await client.call(routes.seal, { params, body: manifest })
}

/** Waits until a run has decided the delivery. */
export async function decided(
  server: { readonly url: string },
  token: string,
  delivery: string,
): Promise<DeliveryStatus> {
  const client = clientOf(server, token)
  for (let tries = 0; tries < 30; tries += 1) {
    const status = await client.call(routes.delivery, { params: { delivery }, query: { wait: 2 } })
    if (status.state !== 'announced' && status.state !== 'ready') return status
  }
  throw new Error(`Delivery ${delivery} was not decided.`)
}

export interface Browser {
  /** A request as a page of this server makes it, with the cookies that it was given. */
  ask(path: string, init?: RequestInit): Promise<RawAnswer>
  /** As the browser keeps them. */
  readonly cookies: Map<string, string>
}

/** Keeps cookies as a browser does, and asks as the console does. */
export function browserAt(
  server: { readonly url: string },
  given: Readonly<Record<string, string>> = {},
): Browser {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async ask(path, { headers, ...init } = {}) {
      const sent = new Headers({ 'x-sluice-console': '1', ...given })
      for (const [name, value] of new Headers(headers)) sent.set(name, value)
      if (typeof init.body === 'string') sent.set('content-type', 'application/json')
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      if (cookie !== '') sent.set('cookie', cookie)
      const answer = await ask(server, path, { redirect: 'manual', ...init, headers: sent })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
      return answer
    },
  }
}

/** A browser that is signed in, as `body` says. */
export async function signedIn(
  server: { readonly url: string },
  body: { readonly token: string } | { readonly name: string; readonly password: string },
): Promise<Browser> {
  const browser = browserAt(server)
  const { status } = await browser.ask('/api/v1/session', { method: 'POST', body: JSON.stringify(body) })
  if (status !== 200) throw new Error(`Signing in was answered with ${status}.`)
  return browser
}
