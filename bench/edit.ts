/**
 * Edits through the API of one server, with many resources stored.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openRepository, type Repository } from '@sluice/repository'
import { Pool } from 'undici'
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
  /** Edits that are sent a second, whatever becomes of the answers: the load of one more measurement. */
  readonly rate: number
  readonly rounds: number
}

export interface EditResult {
  /** How they were sent: so many under way at once, or so many a second. */
  readonly sent: string
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
  await sendAtOnce(server, { ...bench, edits: Math.min(1000, bench.edits) }, 8)
  const results: EditResult[] = []
  for (const clients of bench.clients) {
    // Who sends one after the other has fewer to send.
    const edits = Math.min(bench.edits, clients * 500)
    results.push(await best(bench.rounds, () => sendAtOnce(server, { ...bench, edits }, clients)))
  }
  results.push(await best(bench.rounds, () => sendEvenly(server, bench)))
  return results
}

async function best(rounds: number, measure: () => Promise<EditResult>): Promise<EditResult> {
  let found = await measure()
  for (let round = 1; round < rounds; round += 1) {
    const next = await measure()
    if (next.p99 < found.p99) found = next
  }
  return found
}

async function prepareRepository(bench: EditBench): Promise<void> {
  const configuration = editConfiguration(bench)
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  await fill(repository, bench.rows)
}

/**
 * The checkpoint leaves files of the log to be used again, as on every server that has been at work for a while; each new one of 16 MB keeps whoever
 * commits waiting for the disk.
 */
async function fill({ database }: Repository, rows: number): Promise<void> {
  await database.session(async (session) => {
    await session.execute(`
      insert into person (resource_id, number, name, mail, grade, born, active, remark, salary, _created_run)
        select nextval('sluice_resource_id'), n::text, 'Person ' || n, n || '@example.com', n % 17, date '1970-01-01' + n % 9000, n % 3 = 0, md5(n::text), n % 5000, 0
        from generate_series(1, ${rows}) n;
      insert into replica_hr_person (key, resource_id, digest) select number, resource_id, hashtextextended(name, 0) from person;
      insert into sluice_known_transaction (entity_type, xid) select distinct 'Person', xmin from person;
      analyze;
    `)
    await session.execute('checkpoint')
  })
}

interface EditServer extends AsyncDisposable {
  readonly pool: Pool
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
  const { url: address, token } = started.parse(await next())
  const pool = new Pool(address, { connections: 64, pipelining: 1 })
  return {
    pool,
    token,
    ask: async () => {
      const answer = next()
      child.send('ask')
      return answered.parse(await answer)
    },
    [Symbol.asyncDispose]: async () => {
      await pool.close()
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    },
  }
}

type Sending = Pick<EditBench, 'edits' | 'rows'>

/** Each client sends its next edit when the one before is answered. */
async function sendAtOnce(server: EditServer, sending: Sending, clients: number): Promise<EditResult> {
  return await measureEdits(server, `${clients} under way at once`, sending, async (send) => {
    let sent = 0
    const client = async () => {
      for (let edit = sent++; edit < sending.edits; edit = sent++) await send(edit)
    }
    await Promise.all(Array.from({ length: clients }, client))
  })
}

/** At a constant rate, as many people do who know nothing of one another. */
async function sendEvenly(server: EditServer, { rate, ...sending }: EditBench): Promise<EditResult> {
  return await measureEdits(server, `${rate} a second`, sending, async (send) => {
    const underWay: Promise<void>[] = []
    const began = performance.now()
    while (underWay.length < sending.edits) {
      const due = Math.min(sending.edits, ((performance.now() - began) * rate) / 1000)
      while (underWay.length < due) underWay.push(send(underWay.length))
      await sleep(1)
    }
    await Promise.all(underWay)
  })
}

async function measureEdits(
  server: EditServer,
  sent: string,
  { edits, rows }: Sending,
  work: (send: (edit: number) => Promise<void>) => Promise<void>,
): Promise<EditResult> {
  const { cpu: before } = await server.ask()
  const first = Math.floor(Math.random() * rows)
  const began = performance.now()
  await work((edit) => send(server, 1 + ((first + edit * 7919) % rows)))
  const seconds = (performance.now() - began) / 1000
  const { times, cpu } = await server.ask()
  const sorted = times.toSorted((a, b) => a - b)
  const part = (of: number) => sorted[Math.floor(sorted.length * of)] ?? 0
  return {
    sent,
    perSecond: edits / seconds,
    median: part(0.5),
    p99: part(0.99),
    cpu: (cpu - before) / edits,
  }
}

async function send({ pool, token }: EditServer, id: number): Promise<void> {
  const answer = await pool.request({
    method: 'PATCH',
    path: `/api/v1/resources/Person/${id}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ phone: String(Math.random()) }),
  })
  const body = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${body}`)
}
