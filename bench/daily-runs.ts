/**
 * Two hundred daily runs with retention: once the kept time is full, neither the size of the repository nor the time of a run grows.
 *
 * A day is a run and a pruning; then everything that is recorded is moved a day back. What autovacuum does on a server in a day is done here each
 * tenth day.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deliver, prepareSource } from '@sluice/agent'
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration, Source } from '@sluice/model'
import { requireConfiguration } from '@sluice/project'
import { type Database, openRepository, prune } from '@sluice/repository'
import { type BenchRow, benchRow, timed } from './measure.ts'
import type { MemoryRow } from './tables.ts'

export interface DailyRunsBench {
  readonly folder: string
  readonly url: string
  readonly days: number
}

const people = 2000
/** Of each day: rows that change, and rows that are rejected. */
const changed = 200
const rejected = 50

interface DailyRuns {
  readonly rows: readonly BenchRow[]
  /** On the disk. */
  readonly memory: readonly MemoryRow[]
}

/** Days 51-100 are the floor of the last 50, the retention being 30 days. */
export async function benchDailyRuns(bench: DailyRunsBench): Promise<DailyRuns> {
  const configuration = await configurationIn(bench.folder)
  const schema = `bench_daily_${randomUUID().slice(0, 8)}`
  await using repository = await openRepository({ kind: 'postgres', url: bench.url, schema })
  await repository.evolve(configuration)
  const { database } = repository
  const synchronizer = openSynchronizer({ repository, configuration })
  const times: number[] = []
  const sizes: number[] = []
  for (let day = 0; day < bench.days; day++) {
    await writePeople(bench.folder, day)
    times.push(await timed(() => synchronizeDay(configuration, synchronizer, bench.folder)))
    await prune(database, configuration.retention)
    await database.session((session) => session.execute(aDayBack))
    if (day % 10 === 9) await database.session((session) => session.execute('vacuum analyze'))
    sizes.push(await sizeOf(database, schema))
  }
  await database.session((session) => session.execute(`drop schema ${schema} cascade`))
  const late = bench.days - 50
  const pairs = Array.from({ length: 50 }, (_, index) => ({
    floor: times[50 + index] ?? 0,
    ours: times[late + index] ?? 0,
  }))
  const floor = 'the same on days 51 to 100'
  const megabytes = (day: number) => Number(((sizes[day - 1] ?? 0) / 1e6).toFixed(1))
  return {
    rows: [benchRow({ task: `a daily run on days ${late + 1} to ${bench.days}`, floor, limit: 1.5 }, pairs)],
    memory: [
      {
        task: `a repository on the disk after ${bench.days} daily runs, against 100`,
        megabytes: megabytes(bench.days),
        limit: megabytes(100),
      },
    ],
  }
}

const aDayBack = `
  update sluice_run set started_at = started_at - interval '1 day', finished_at = finished_at - interval '1 day';
  update sluice_delivery set announced_at = announced_at - interval '1 day'`

async function sizeOf(database: Database, schema: string): Promise<number> {
  const { rows } = await database.session((session) =>
    session.query<{ size: string }>(
      'select sum(pg_total_relation_size(oid)) as size from pg_class where relnamespace = $1::regnamespace and relkind = $2',
      [schema, 'r'],
    ),
  )
  return Number(rows[0]?.size ?? 0)
}

async function writePeople(folder: string, day: number): Promise<void> {
  const lines = Array.from({ length: people }, (_, index) => {
    const grade = index < rejected ? `none since ${day}` : (index + day) % (people / changed) === 0 ? day : 1
    return `${index},Person ${index},${grade}`
  })
  await writeFile(join(folder, 'p.csv'), `number,name,grade\n${lines.join('\n')}\n`)
}

function sourceOf({ sources }: Configuration): Source {
  const source = sources.get('people')
  if (source === undefined) throw new Error('The bench has lost its source.')
  return source
}

async function synchronizeDay(
  configuration: Configuration,
  synchronizer: Synchronizer,
  folder: string,
): Promise<void> {
  const source = sourceOf(configuration)
  const { inbox } = synchronizer
  const mode = (await inbox.chain(source.name)).appliedDelivery === null ? 'initial' : 'complete'
  const id = randomUUID()
  const { model, prepare: settings } = configuration
  await inbox.announce({ id, source: source.name, mode })
  const prepared = await prepareSource({ source, model, mode, folder: join(folder, 'prepared'), settings })
  await deliver({ inbox, deliveryId: id, prepared })
  const [report] = await synchronizer.synchronize(source.name)
  if (report?.state !== 'applied') throw new Error(`A daily run is ${report?.state}.`)
}

async function configurationIn(folder: string): Promise<Configuration> {
  const text = `retention: { history: 30d, runs: 30d, rejectedRows: 30d, deliveries: 30d }
entityTypes: { Person: { properties: { number: string, name: string, grade: integer } } }
sources:
  people:
    folder: .
    thresholds: off
    entities: { Person: { file: p.csv, key: number, properties: { number: number, name: name, grade: grade } } }
`
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), text)
  return await requireConfiguration(join(folder, 'sluice.yaml'))
}
