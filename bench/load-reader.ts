/**
 * Asks a server at a constant rate, in a process of its own, whatever becomes of the answers.
 *
 * Who waits for an answer before he asks again asks less the slower he is answered, and the worst seconds are those of which he knows least
 * (coordinated omission). So each request has a planned time, and how long it took is counted from there, also where this process or the
 * connections were busy. Beside it one connection asks the database itself, in the same way.
 *
 * @module
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import process from 'node:process'
import pg from 'pg'
import { Pool } from 'undici'
import { z } from 'zod'

const asked = z
  .object({
    server: z.string(),
    token: z.string(),
    database: z.string(),
    schema: z.string(),
    types: z.array(z.string()),
    /** Requests a second. */
    rate: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

const databaseRate = 20
/** As many as a proxy would open. */
const connections = 64

const pool = new Pool(asked.server, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
const database = new pg.Pool({ connectionString: asked.database, application_name: 'floor', max: 1 })

interface Read {
  readonly kind: string
  readonly method?: 'GET' | 'HEAD'
  readonly path: string
  /** What it has to be answered with; 200 when absent. */
  readonly status?: number
}

const api = '/api/v1'

/** What people and agents ask, by turns; the number makes it another resource each time. */
function readNumbered(number: number): Read {
  const type = asked.types[number % asked.types.length] ?? ''
  const kinds: readonly Read[] = [
    { kind: 'a resource', path: `${api}/resources/${asked.types[0]}/${1 + (number % 1000)}` },
    { kind: 'resources, 100', path: `${api}/resources/${type}?limit=100` },
    { kind: 'sources', path: `${api}/sources` },
    { kind: 'a resource', path: `${api}/resources/${asked.types[0]}/${1 + ((number * 7) % 1000)}` },
    { kind: 'runs, 20', path: `${api}/runs?limit=20` },
    { kind: 'a run', path: `${api}/runs/1` },
    { kind: 'status', path: `${api}/status` },
    { kind: 'a resource', path: `${api}/resources/${asked.types[0]}/${1 + ((number * 13) % 1000)}` },
    { kind: 'ready', path: '/ready' },
    { kind: 'HEAD', method: 'HEAD', path: `${api}/sources`, status: 405 },
  ]
  return kinds[number % kinds.length] ?? kinds[0] ?? { kind: 'ready', path: '/ready' }
}

const headers = { authorization: `Bearer ${asked.token}` }

async function send({ method = 'GET', path, status = 200 }: Read): Promise<boolean> {
  const answer = await pool.request({ method, path, headers })
  await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER })
  return answer.statusCode === status
}

async function select(number: number): Promise<boolean> {
  const { rowCount } = await database.query(`select * from "${asked.schema}".type1 where resource_id = $1`, [
    1 + (number % 1000),
  ])
  return rowCount !== null
}

/** Microseconds, up to ten minutes. */
const emptyHistogram = () => createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 })

interface Course {
  readonly rate: number
  readonly ask: (number: number) => { readonly kind: string; readonly done: Promise<boolean> }
}

interface Found {
  readonly all: RecordableHistogram
  readonly byKind: ReadonlyMap<string, RecordableHistogram>
  readonly errors: number
}

/** Until the signal is aborted, and all that was asked is answered. */
async function atConstantRate({ rate, ask }: Course, signal: AbortSignal): Promise<Found> {
  const all = emptyHistogram()
  const byKind = new Map<string, RecordableHistogram>()
  const underWay = new Set<Promise<void>>()
  let errors = 0
  const began = performance.now()
  for (let number = 0; !signal.aborted; ) {
    for (; began + (number * 1000) / rate <= performance.now(); number += 1) {
      const planned = began + (number * 1000) / rate
      const { kind, done } = ask(number)
      const one = done
        .catch(() => false)
        .then((good) => {
          const took = Math.max(1, Math.round((performance.now() - planned) * 1000))
          const own = byKind.get(kind) ?? emptyHistogram()
          byKind.set(kind, own)
          all.record(took)
          own.record(took)
          if (!good) errors += 1
          underWay.delete(one)
        })
      underWay.add(one)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(underWay)
  return { all, byKind, errors }
}

const milliseconds = (histogram: RecordableHistogram, part: number) => histogram.percentile(part) / 1000
const summary = (histogram: RecordableHistogram) => ({
  count: histogram.count,
  p50: milliseconds(histogram, 50),
  p95: milliseconds(histogram, 95),
  p99: milliseconds(histogram, 99),
  max: histogram.max / 1000,
})

async function readUntil(signal: AbortSignal) {
  const reads = (number: number) => {
    const read = readNumbered(number)
    return { kind: read.kind, done: send(read) }
  }
  const selects = (number: number) => ({ kind: 'select', done: select(number) })
  const [server, floor] = await Promise.all([
    atConstantRate({ rate: asked.rate, ask: reads }, signal),
    atConstantRate({ rate: databaseRate, ask: selects }, signal),
  ])
  return {
    ...summary(server.all),
    errors: server.errors,
    kinds: [...server.byKind].map(([kind, histogram]) => ({ kind, ...summary(histogram) })),
    select: summary(floor.all),
  }
}

let reading: { readonly stop: AbortController; readonly found: ReturnType<typeof readUntil> } | undefined
process.on('message', (what) => {
  if (what === 'begin') {
    const stop = new AbortController()
    reading = { stop, found: readUntil(stop.signal) }
    return
  }
  if (what === 'end' && reading !== undefined) {
    reading.stop.abort()
    void reading.found.then((found) => process.send?.(found))
    return
  }
  void Promise.all([pool.destroy(), database.end()]).then(() => process.disconnect())
})
process.send?.('ready')
