/**
 * A graph source against the bare reading of its rows, and against its own complete: hosts with software, interfaces and addresses, and the
 * mapping set of examples/discovery.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openSynchronizer } from '@sluice/inbox'
import type { Configuration, RunReport } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { requireConfiguration } from '@sluice/project'
import { type LoggedStatement, openRepository, type Repository } from '@sluice/repository'
import { hostSubgraph } from './discovery-graph.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'
import { synchronize } from './synchronize.ts'

export interface GraphBench {
  readonly folder: string
  readonly hosts: number
  readonly url: string
}

/** Hosts whose software has another version. */
const changedHosts = 100

export interface GraphResult {
  readonly rows: readonly BenchRow[]
  /** Configuration items that were evaluated and staged in a second of the complete's translation. */
  readonly perSecond: number
  /** Megabytes of this process at its largest. */
  readonly megabytes: number
}

export async function benchGraphs({ folder, hosts, url }: GraphBench): Promise<GraphResult> {
  const { configuration, prepared } = await prepareGraph(folder, hosts)
  const statements = new Statements()
  await using repository = await openRepository(
    { kind: 'postgres', url, schema: 'bench_graph' },
    { onStatement: statements.add },
  )
  await repository.evolve(configuration)
  const synchronizer = openSynchronizer({ repository, configuration })
  const source = { source: 'discovery' }
  let largest = 0
  const watch = setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss())
  }, 200)
  const first = await synchronize(synchronizer, prepared, source)
  statements.clear()
  const again = await synchronize(synchronizer, prepared, source)
  const fetching = statements.milliseconds('graph/fetch-subgraphs')
  const translating =
    again.report.stages.find(({ stage }) => stage === 'translate')?.milliseconds ?? Number.NaN
  statements.print()
  expectUnchanged(again.report)
  const copying = await measureCopy(repository)
  const delta = await writeDelta(folder, prepared, hosts)
  statements.clear()
  const changed = await synchronize(synchronizer, delta, { ...source, base: again.delivery })
  statements.print()
  clearInterval(watch)
  const sized = `${hosts.toLocaleString('en')} hosts`
  return {
    rows: [
      benchRow(
        {
          task: `graph: subgraphs of ${sized} fetched`,
          floor: 'COPY of the same rows out of PostgreSQL',
          limit: 3,
        },
        [{ floor: copying, ours: fetching }],
      ),
      benchRow(
        {
          task: `graph: incremental, ${changedHosts} hosts changed, of ${sized}`,
          floor: 'our own complete, nothing changed',
          limit: 0.01,
        },
        [{ floor: again.milliseconds, ours: changed.milliseconds }],
      ),
      benchRow(
        { task: `graph: first load of ${sized}`, floor: 'our own complete, nothing changed', limit: null },
        [{ floor: again.milliseconds, ours: first.milliseconds }],
      ),
    ],
    perSecond: (itemsOf(again.report) / translating) * 1000,
    megabytes: largest / 2 ** 20,
  }
}

/** What statements took, by the name that leads each. */
class Statements {
  readonly #spent = new Map<string, { milliseconds: number; count: number }>()

  readonly add = ({ text, milliseconds }: LoggedStatement): void => {
    const name = /\/\* (\S+)/.exec(text)?.[1] ?? text.slice(0, 40)
    const known = this.#spent.get(name) ?? { milliseconds: 0, count: 0 }
    this.#spent.set(name, { milliseconds: known.milliseconds + milliseconds, count: known.count + 1 })
  }

  clear(): void {
    this.#spent.clear()
  }

  milliseconds(name: string): number {
    return this.#spent.get(name)?.milliseconds ?? Number.NaN
  }

  /** The longest, for whoever looks for what to improve. */
  print(): void {
    const longest = [...this.#spent].sort(([, a], [, b]) => b.milliseconds - a.milliseconds).slice(0, 25)
    for (const [name, { milliseconds, count }] of longest)
      process.stderr.write(
        `bench:   ${milliseconds.toFixed(0).padStart(7)} ms  ${String(count).padStart(5)}  ${name}\n`,
      )
  }
}

async function prepareGraph(
  folder: string,
  hosts: number,
): Promise<{ readonly configuration: Configuration; readonly prepared: Prepared }> {
  const example = fileURLToPath(new URL('../examples/discovery', import.meta.url))
  await mkdir(folder, { recursive: true })
  await cp(example, folder, { recursive: true })
  const configuration = await requireConfiguration(join(folder, 'sluice.yaml'))
  const { stdout } = await promisify(execFile)(process.execPath, [child, folder, String(hosts)], {
    maxBuffer: 64 << 20,
  })
  return { configuration, prepared: JSON.parse(stdout) }
}

const child = fileURLToPath(new URL('prepare-graph-child.ts', import.meta.url))

/** Nodes and relationships, as many as a run reads of them, to a reader that throws them away. */
async function measureCopy({ database }: Repository): Promise<number> {
  const copy = (table: string) =>
    database.session((session) =>
      session.execute(`copy (select * from ${table}) to program 'cat > /dev/null'`),
    )
  return await timed(async () => {
    await copy('sluice_graph_node')
    await copy('sluice_graph_relationship')
  })
}

/** Every software instance of some hosts, evenly spread, has another version. */
async function writeDelta(folder: string, { manifest: whole }: Prepared, hosts: number): Promise<Prepared> {
  const { rejections: _none, ...manifest } = whole
  const step = Math.max(1, Math.floor(hosts / changedHosts))
  const changed = Array.from({ length: Math.min(hosts, changedHosts) }, (_, index) =>
    hostSubgraph(index * step),
  )
  const lines = changed.flatMap(({ nodes }) =>
    nodes
      .filter(({ kind }) => kind === 'SoftwareInstance')
      .map(({ id, kind, attributes }) => {
        const text = JSON.stringify({ ...attributes, version: '99' }).replaceAll('"', '""')
        return `update,${id},${kind},"${text}",\n`
      }),
  )
  const target = join(folder, 'delta')
  await mkdir(target, { recursive: true })
  const files = await Promise.all(
    manifest.files.map(async (file) => {
      const rows = file.mapping === 'nodes' ? lines : []
      const text = `${['command', ...file.columns].join(',')}\n${rows.join('')}`
      const name = `${file.mapping}.sorted.delta`
      await writeFile(join(target, name), text)
      const sha256 = createHash('sha256').update(text).digest('hex')
      const counts = { rows: rows.length, read: rows.length, size: Buffer.byteLength(text), sha256 }
      return { ...file, ...counts, name, kind: 'delta' as const }
    }),
  )
  return { folder: target, references: [], manifest: { ...manifest, files } }
}

function itemsOf({ entities }: RunReport): number {
  return entities
    .filter(({ mapping }) => mapping !== 'nodes' && mapping !== 'relationships')
    .reduce((sum, { rows }) => sum + (rows?.read ?? 0), 0)
}

function expectUnchanged({ entities, associations }: RunReport): void {
  const changes = [...entities, ...associations].flatMap(({ changes: counts }) => Object.values(counts))
  if (changes.some((count) => count > 0)) throw new Error('The bench changed what nobody had changed.')
}
