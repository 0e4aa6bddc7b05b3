/**
 * `npm run bench`: Sluice against floors measured in the same run, as a table of ratios.
 *
 * A floor is the least any tool would have to do for the same result, done by the database or by DuckDB
 * alone. Absolute times say something of the machine, the ratios say something of Sluice.
 *
 *   npm run bench                     1,000,000 rows, growth to 5,000,000, memory
 *   npm run bench -- --rows 100000    a quick look
 *   npm run bench -- --only edits     parts of it
 *   npm run bench -- --write          also writes docs/performance.md
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchConsole } from './console.ts'
import { benchDailyRuns } from './daily-runs.ts'
import { benchDelta } from './delta.ts'
import { benchEdits, type EditResult } from './edit.ts'
import { benchExport } from './export.ts'
import { benchGraphs } from './graphs.ts'
import { benchIncremental } from './incremental.ts'
import { benchLoad, type Load } from './load.ts'
import { type BenchRow, benchRow } from './measure.ts'
import { benchOpenTables } from './open-tables.ts'
import { peakMemory } from './peak-memory.ts'
import { benchPrepare } from './prepare.ts'
import { startScratchServer } from './scratch-server.ts'
import { benchShaping } from './shaping.ts'
import { benchSharedTypes } from './shared-types.ts'
import { benchStart } from './start.ts'
import { benchStoredRuns } from './stored-runs.ts'
import { benchSynchronize, generateVersion, prepareVersion } from './synchronize.ts'
import { type Measured, type MemoryRow, printTables, writePage } from './tables.ts'
import { benchUpload } from './upload.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    growth: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const growth = Number(values.growth)

const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
try {
  await using server = await startScratchServer()
  const found = await measure(wantedParts(partsOf(server.url)))
  printTables(found)
  if (values.write && values.only === undefined) await writePage(found, { rows, rounds })
} finally {
  await rm(folder, { recursive: true, force: true })
}

type Part = () => Promise<Partial<Measured>>

/** In the order of the page. */
function partsOf(url: string): ReadonlyMap<string, Part> {
  const at = (name: string) => ({ folder: join(folder, name), rows, rounds, url })
  return new Map<string, Part>([
    ['start', async () => ({ rows: await benchStart({ folder: join(folder, 'start'), rounds }) })],
    ['export', async () => ({ rows: await benchExport(at('export')) })],
    ['prepare', async () => ({ rows: await benchPrepare({ rows, rounds }) })],
    [
      'shaping',
      async () => ({ rows: await benchShaping({ folder: join(folder, 'shaping'), rows, rounds }) }),
    ],
    ['delta', async () => ({ rows: await benchDelta({ folder: join(folder, 'delta'), rows, rounds }) })],
    ['upload', () => benchUpload(at('upload'))],
    ['incremental', async () => ({ rows: await incrementalRows(join(folder, 'incremental'), url) })],
    ['synchronize', async () => ({ rows: await synchronizeRows(url) })],
    ['open-tables', async () => ({ rows: await benchOpenTables(at('open')) })],
    ['shared-types', async () => ({ rows: await benchSharedTypes(at('shared')) })],
    ['graphs', () => measureGraphs(url)],
    [
      'stored-runs',
      async () => ({
        rows: await benchStoredRuns({ folder: join(folder, 'stored'), url, few: 300, many: 300_000 }),
      }),
    ],
    ['daily-runs', () => benchDailyRuns({ folder: join(folder, 'daily'), url, days: 200 })],
    ['edits', async () => ({ edits: await measureEdits(url) })],
    ['console', async () => ({ rows: await benchConsole(at('console')) })],
    ['load', () => measureLoad(url)],
    ['memory', async () => ({ memory: await memoryRows(url) })],
  ])
}

/** `--only a,b`: these alone. */
function wantedParts(parts: ReadonlyMap<string, Part>): ReadonlyMap<string, Part> {
  const only = values.only?.split(',')
  const unknown = only?.filter((name) => !parts.has(name)) ?? []
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}; there are ${[...parts.keys()].join(', ')}.`)
  return new Map([...parts].filter(([name]) => only === undefined || only.includes(name)))
}

async function measure(parts: ReadonlyMap<string, Part>): Promise<Measured> {
  const all: Partial<Measured>[] = []
  for (const [name, part] of parts) {
    say(`${name}, ${rows.toLocaleString('en')} rows`)
    all.push(await part())
  }
  return {
    rows: all.flatMap((one) => one.rows ?? []),
    memory: all.flatMap((one) => one.memory ?? []),
    edits: all.flatMap((one) => one.edits ?? []),
    load: all.flatMap((one) => one.load ?? []),
  }
}

async function synchronizeRows(url: string): Promise<readonly BenchRow[]> {
  const postgres = await benchSynchronize({ folder: join(folder, 'postgres'), rows, rounds, url })
  const embedded = await benchSynchronize({ folder: join(folder, 'pglite'), rows, rounds: 1 })
  if (growth <= 1) return [...postgres.rows, ...embedded.rows]
  say(`synchronize, ${(rows * growth).toLocaleString('en')} rows`)
  const large = { folder: join(folder, 'large'), rows: rows * growth, rounds: 1, url }
  const grown = await benchSynchronize(large)
  const growthRow = (task: string, floor: number, ours: number) =>
    benchRow({ task, floor: `the same on ${rows.toLocaleString('en')} rows`, limit: growth * 1.2 }, [
      { floor, ours },
    ])
  return [
    ...postgres.rows,
    ...embedded.rows,
    growthRow(`PostgreSQL: first load, ${growth} × the rows`, postgres.load, grown.load),
    growthRow(`PostgreSQL: nothing changed, ${growth} × the rows`, postgres.unchanged, grown.unchanged),
  ]
}

/** A host has 28 nodes. */
async function measureGraphs(url: string): Promise<Partial<Measured>> {
  const hosts = Math.ceil(rows / 28)
  const {
    rows: found,
    perSecond,
    megabytes,
  } = await benchGraphs({ folder: join(folder, 'graphs'), hosts, url })
  say(
    `${perSecond.toFixed(0)} configuration items evaluated and staged a second, ${megabytes.toFixed(0)} MB at most`,
  )
  return { rows: found }
}

async function measureEdits(url: string): Promise<readonly EditResult[]> {
  return await benchEdits({
    folder: join(folder, 'edits'),
    url,
    rows,
    edits: 5_000,
    clients: [1, 8, 64],
    rate: 500,
    rounds,
  })
}

/** Twenty agents bring as many rows together as the other parts have in one file. */
async function measureLoad(url: string): Promise<Load> {
  const sources = 20
  const place = join(folder, 'load')
  const rate = Number(values.rate)
  return await benchLoad({ folder: place, url, sources, rows: Math.ceil(rows / sources), rate, quiet: 20 })
}

async function memoryRows(url: string): Promise<readonly MemoryRow[]> {
  const measured = await measureMemory(join(folder, 'memory'), rows, url)
  if (growth <= 1) return measured
  return [...measured, ...(await measureMemory(join(folder, 'memory-large'), rows * growth, url, false))]
}

/** A thousand changes into the rows asked for, and into a tenth of them: the cost must follow the changes. */
async function incrementalRows(place: string, url: string): Promise<readonly BenchRow[]> {
  const few = Math.floor(rows / 10)
  const small = await benchIncremental({ folder: `${place}-small`, rows: few, rounds, url })
  const large = await benchIncremental({ folder: place, rows, rounds, url })
  const task = 'PostgreSQL: incremental, 1,000 changes, ten times the rows stored'
  const flat = benchRow({ task, floor: `the same with ${few.toLocaleString('en')} stored`, limit: 1.5 }, [
    { floor: small.incremental, ours: large.incremental },
  ])
  return [...large.rows, flat]
}

async function measureMemory(
  place: string,
  count: number,
  url: string,
  pglite = true,
): Promise<readonly MemoryRow[]> {
  const bench = { folder: place, rows: count, rounds: 1 }
  await generateVersion(bench, 1)
  const sized = `${count.toLocaleString('en')} rows`
  const agent = await peakMemory({ task: 'prepare', folder: place, rows: count })
  await prepareVersion(bench, 1)
  const server = await peakMemory({ task: 'synchronize', folder: place, rows: count, url })
  const measured: MemoryRow[] = [
    { task: `agent prepares ${sized}`, megabytes: agent, limit: 1280 },
    { task: `server on PostgreSQL, Node, ${sized}`, megabytes: server, limit: 300 },
  ]
  if (!pglite) return measured
  const embedded = await peakMemory({ task: 'synchronize', folder: place, rows: count })
  return [...measured, { task: `server on PGlite, ${sized}`, megabytes: embedded, limit: 1536 }]
}

function say(what: string): void {
  process.stderr.write(`bench: ${what}\n`)
}
