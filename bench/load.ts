/**
 * What people and agents wait for while twenty agents deliver: a server in a process of its own, over PostgreSQL, asked at a constant rate.
 *
 * The same is asked while nothing else goes on, beside twenty first loads, and beside twenty completes with one row in a hundred changed.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { deliver, followDelivery, HttpInbox, ServerLink } from '@sluice/agent'
import type { Prepared } from '@sluice/prepare'
import { openRepository, openTokenStore } from '@sluice/repository'
import { z } from 'zod'
import { createLoadProject } from './load-project.ts'
import { type LoadServer, startLoadServer } from './load-server.ts'
import { type BenchRow, benchRow } from './measure.ts'
import type { MemoryRow } from './tables.ts'

export interface LoadBench {
  readonly folder: string
  readonly url: string
  /** Each with an agent of its own. */
  readonly sources: number
  /** Of each delivery. */
  readonly rows: number
  /** Reads a second. */
  readonly rate: number
  /** Seconds of reading while nothing else goes on. */
  readonly quiet: number
}

/** How long reads took, in milliseconds from the time for which they were planned. */
export interface LoadResult {
  readonly beside: string
  readonly reads: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  readonly errors: number
  /** p99 of a bare `select` of one row beside it. */
  readonly select: number
  /** Of the server's event loop, p99 of how late it was. */
  readonly late: number
  /** Of the server's process, at the end. */
  readonly megabytes: number
}

export interface Load {
  readonly load: readonly LoadResult[]
  readonly rows: readonly BenchRow[]
  readonly memory: readonly MemoryRow[]
}

export async function benchLoad(bench: LoadBench): Promise<Load> {
  const schema = `bench_load_${randomUUID().slice(0, 8)}`
  const project = await createLoadProject({ ...bench, schema })
  const tokens = await createTokens(bench.url, schema, project.sources)
  await using server = await startLoadServer(bench.folder)
  const at = { server: server.url, sources: project.sources, tokens }
  const deliverAll = (of: ReadonlyMap<string, Prepared>, sources: readonly string[]) =>
    Promise.all(sources.map((source) => handOver({ ...at, source, prepared: of.get(source) })))
  const [one = '', ...others] = project.sources
  await deliverAll(project.first, [one])
  const { types } = project
  await using reader = await startReader({
    server: server.url,
    token: tokens.viewer,
    database: bench.url,
    schema,
    types,
    rate: bench.rate,
  })
  const measure = async (beside: string, work: () => Promise<unknown>) =>
    await measurePhase({ beside, server, reader }, work)
  const quietly = () => sleep(bench.quiet * 1000)
  // What is asked for the first time is compiled, planned and cached.
  await measure('warming', () => sleep(3000))
  const quiet = await measure('nothing', quietly)
  const loads = await measure(`${others.length} first loads`, () => deliverAll(project.first, others))
  const full = await measure('nothing, all loaded', quietly)
  const completes = await measure(`${project.sources.length} completes, 1 % changed`, () =>
    deliverAll(project.second, project.sources),
  )
  const lists = await measure(`${types.length} whole lists at once`, () =>
    Promise.all(types.map((type) => readWhole(server.url, tokens.viewer, type))),
  )
  const { mostMegabytes } = await server.state()
  const floor = 'the same beside nothing'
  const task = (of: LoadResult) =>
    `p99 of ${bench.rate} reads a second beside ${of.beside}, ${bench.rows.toLocaleString('en')} rows each`
  return {
    load: [quiet, loads, full, completes, lists],
    rows: [
      benchRow({ task: task(loads), floor, limit: null }, [{ floor: quiet.p99, ours: loads.p99 }]),
      benchRow({ task: task(completes), floor, limit: null }, [{ floor: full.p99, ours: completes.p99 }]),
    ],
    memory: [{ task: 'server, Node, beside all that', megabytes: mostMegabytes, limit: 512 }],
  }
}

/** As somebody does who wants all resources of a type. */
async function readWhole(server: string, token: string, type: string): Promise<void> {
  const answer = await fetch(`${server}/api/v1/resources/${type}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!answer.ok || answer.body === null)
    throw new Error(`A list of the bench was answered ${answer.status}.`)
  for await (const _ of answer.body);
}

interface Tokens {
  readonly viewer: string
  readonly agents: ReadonlyMap<string, string>
}

async function createTokens(url: string, schema: string, sources: readonly string[]): Promise<Tokens> {
  await using repository = await openRepository({ kind: 'postgres', url, schema })
  const store = openTokenStore(repository.database)
  const viewer = await store.create({ name: 'viewer', role: 'viewer', sources: [] }, 'bench', sources)
  const agents = new Map<string, string>()
  for (const source of sources) {
    const { secret } = await store.create(
      { name: source, role: 'agent', sources: [source] },
      'bench',
      sources,
    )
    agents.set(source, secret)
  }
  return { viewer: viewer.secret, agents }
}

interface Delivering {
  readonly server: string
  readonly tokens: Tokens
  readonly source: string
  readonly prepared: Prepared | undefined
}

/** As an agent does: announced, uploaded, sealed, and asked for until a run has decided. */
async function handOver({ server, tokens, source, prepared }: Delivering): Promise<void> {
  if (prepared === undefined) throw new Error(`The bench has prepared nothing of ${source}.`)
  await using link = await ServerLink.open({ server, token: tokens.agents.get(source) })
  const inbox = new HttpInbox(link, { compression: 'auto', retryFor: 60_000 })
  const id = randomUUID()
  await inbox.announce({ id, source, mode: 'complete' })
  await deliver({ inbox, deliveryId: id, prepared })
  const { state, reason } = await followDelivery(link, id, { inbox, source, retryFor: 60_000 })
  if (state !== 'applied') throw new Error(`A delivery of the bench is ${state}: ${reason}`)
}

const summarySchema = z.object({
  count: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
})
const foundSchema = summarySchema.extend({
  errors: z.number(),
  kinds: z.array(summarySchema.extend({ kind: z.string() })),
  select: summarySchema,
})

interface Reader extends AsyncDisposable {
  begin(): void
  /** What it has found since. */
  end(): Promise<z.infer<typeof foundSchema>>
}

async function startReader(of: Readonly<Record<string, unknown>>): Promise<Reader> {
  const child = fork(fileURLToPath(new URL('./load-reader.ts', import.meta.url)), [JSON.stringify(of)])
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const failed = exited.then((code) => Promise.reject(new Error(`The reading process ended with ${code}.`)))
  failed.catch(() => undefined)
  const next = () => Promise.race([new Promise((resolve) => child.once('message', resolve)), failed])
  await next()
  return {
    begin: () => void child.send('begin'),
    async end() {
      const answer = next()
      child.send('end')
      return foundSchema.parse(await answer)
    },
    async [Symbol.asyncDispose]() {
      child.send('leave')
      await exited
    },
  }
}

async function measurePhase(
  {
    beside,
    server,
    reader,
  }: { readonly beside: string; readonly server: LoadServer; readonly reader: Reader },
  work: () => Promise<unknown>,
): Promise<LoadResult> {
  const before = await server.state()
  const began = performance.now()
  reader.begin()
  await work()
  const { count, select, kinds, ...found } = await reader.end()
  const seconds = (performance.now() - began) / 1000
  const { megabytes, mostMegabytes, lateP99, latest, cpu } = await server.state()
  const slowest = kinds.toSorted((a, b) => b.p99 - a.p99)
  process.stderr.write(
    `bench: ${beside}: ${seconds.toFixed(1)} s, processor ${((cpu - before.cpu) / 1000).toFixed(1)} s, event loop p99 ${lateP99.toFixed(0)} ms, at most ${latest.toFixed(0)} ms late, ` +
      `at most ${mostMegabytes} MB; p99 ${slowest.map(({ kind, p99 }) => `${kind} ${p99.toFixed(0)} ms`).join(', ')}\n`,
  )
  return { beside, reads: count, ...found, select: select.p99, late: lateP99, megabytes }
}
