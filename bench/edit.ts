/**
 * Edits through the API of one server, with many resources stored.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openRepository, type Repository } from '@sluice/repository'
import { z } from 'zod'
import { editConfiguration } from './edit-configuration.ts'

export interface EditBench {
  readonly folder: string
  readonly url: string
  /** Resources stored. */
  readonly rows: number
  readonly edits: number
  /** For each measurement, how many requests are under way at once. */
  readonly clients: readonly number[]
  readonly rounds: number
}

export interface EditResult {
  readonly clients: number
  readonly perSecond: number
  /** Milliseconds at the server. */
  readonly median: number
  readonly p99: number
  /** Milliseconds of a processor that the server's process takes for an edit. */
  readonly cpu: number
}

/** Each edit gives one resource of a source another value of what nobody locks. The best of the rounds: others work on the same machine. */
export async function benchEdits(bench: EditBench): Promise<readonly EditResult[]> {
  await rm(bench.folder, { recursive: true, force: true })
  await mkdir(bench.folder, { recursive: true })
  await prepareRepository(bench)
  await using server = await startEditServer(bench)
  await sendEdits(server, { ...bench, edits: Math.min(1000, bench.edits), at: 8 })
  const results: EditResult[] = []
  for (const at of bench.clients) {
    const rounds: EditResult[] = []
    // Who sends one after the other has fewer to send.
    const edits = Math.min(bench.edits, at * 500)
    for (let round = 0; round < bench.rounds; round++)
      rounds.push(await sendEdits(server, { ...bench, edits, at }))
    results.push(...rounds.toSorted((a, b) => b.perSecond - a.perSecond).slice(0, 1))
  }
  return results
}

async function prepareRepository(bench: EditBench): Promise<void> {
  const configuration = editConfiguration(bench)
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  await fill(repository, bench.rows)
}

async function fill({ database }: Repository, rows: number): Promise<void> {
  await database.session((session) =>
    session.execute(`
      insert into person (resource_id, number, name, mail, grade, born, active, remark, salary, _created_run)
        select nextval('sluice_resource_id'), n::text, 'Person ' || n, n || '@example.com', n % 17, date '1970-01-01' + n % 9000, n % 3 = 0, md5(n::text), n % 5000, 0
        from generate_series(1, ${rows}) n;
      insert into replica_hr_person (key, resource_id, digest) select number, resource_id, hashtextextended(name, 0) from person;
      insert into sluice_known_transaction (entity_type, xid) select distinct 'Person', xmin from person;
      analyze;
    `),
  )
}

interface EditServer extends AsyncDisposable {
  readonly url: string
  readonly token: string
  /** What it has answered since it was asked last, in milliseconds each, and those of a processor that it has taken so far. */
  ask(): Promise<z.output<typeof answered>>
}

const started = z.object({ url: z.string(), token: z.string() })
const answered = z.object({ times: z.array(z.number()), cpu: z.number() })

async function startEditServer({ folder, url }: EditBench): Promise<EditServer> {
  const place = JSON.stringify({ folder, url })
  const child = fork(fileURLToPath(new URL('./edit-server.ts', import.meta.url)), [place])
  const next = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', (code) => reject(new Error(`The server's process ended with ${code}.`)))
    })
  return {
    ...started.parse(await next()),
    ask: async () => {
      const answer = next()
      child.send('ask')
      return answered.parse(await answer)
    },
    [Symbol.asyncDispose]: async () => {
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    },
  }
}

async function sendEdits(
  server: EditServer,
  { edits, at, rows }: Pick<EditBench, 'edits' | 'rows'> & { readonly at: number },
): Promise<EditResult> {
  const { cpu: before } = await server.ask()
  let sent = 0
  const first = Math.floor(Math.random() * rows)
  const client = async () => {
    for (let edit = sent++; edit < edits; edit = sent++)
      await send(server, 1 + ((first + edit * 7919) % rows))
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: at }, client))
  const seconds = (performance.now() - began) / 1000
  const { times, cpu } = await server.ask()
  const sorted = times.toSorted((a, b) => a - b)
  const part = (of: number) => sorted[Math.floor(sorted.length * of)] ?? 0
  return {
    clients: at,
    perSecond: edits / seconds,
    median: part(0.5),
    p99: part(0.99),
    cpu: (cpu - before) / edits,
  }
}

async function send({ url, token }: EditServer, id: number): Promise<void> {
  const answer = await fetch(`${url}/api/v1/resources/Person/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ phone: String(Math.random()) }),
  })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(`${answer.status}: ${body}`)
}
