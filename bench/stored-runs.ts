/**
 * What many stored runs cost whoever looks: each query of servers and of the command line over 300,000 runs, against the same over 300.
 *
 * Both repositories hold the same sources and resources, and differ in what runs have left: runs, deliveries, rejected rows, histories,
 * notifications, executions. What is asked for is of the same size in both.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import { openNotifications } from '@sluice/notify'
import { requireConfiguration } from '@sluice/project'
import { openRepository, prune, type Repository } from '@sluice/repository'
import { type BenchRow, benchRow, timed } from './measure.ts'

export interface StoredRunsBench {
  readonly folder: string
  readonly url: string
  readonly few: number
  readonly many: number
}

const sources = 20
const times = 25

/** The median of the ratios of many calls, by turns. */
export async function benchStoredRuns(bench: StoredRunsBench): Promise<readonly BenchRow[]> {
  await using few = await fill(bench, 'few', bench.few)
  await using many = await fill(bench, 'many', bench.many)
  const found: BenchRow[] = []
  for (const [name, look] of looks) {
    const rounds: { floor: number; ours: number }[] = []
    for (let round = 0; round < times; round++) {
      const floor = await timed(() => look(few))
      rounds.push({ floor, ours: await timed(() => look(many)) })
    }
    const floor = `the same over ${bench.few.toLocaleString('en')} runs`
    const task = `${name}, over ${bench.many.toLocaleString('en')} runs`
    // The first calls fill caches.
    found.push(benchRow({ task, floor, limit: 1.5 }, rounds.slice(5)))
  }
  return found
}

interface Filled extends AsyncDisposable {
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  readonly configuration: Configuration
  readonly delivery: string
}

async function consumed(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

const looks: readonly (readonly [string, (of: Filled) => Promise<unknown>])[] = [
  ['an agent asks for its delivery', ({ synchronizer, delivery }) => synchronizer.inbox.status(delivery)],
  ['an agent asks where its source stands', ({ synchronizer }) => synchronizer.inbox.chain('s1')],
  ['the worker looks at the queues', ({ synchronizer }) => synchronizer.waitingSources()],
  ['the worker looks for what expired', ({ synchronizer }) => synchronizer.expireDeliveries(3_600_000)],
  ['the worker finds nothing to do for a source', ({ synchronizer }) => synchronizer.synchronize('s1')],
  ['ageing looks at a source', ({ synchronizer }) => synchronizer.ageing.ageByItself('s1')],
  ['notifications: who is late', (of) => notificationsOf(of).checkLateness()],
  ['notifications: what is due', (of) => notificationsOf(of).sendDue({})],
  ['notifications: the list', (of) => notificationsOf(of).list({ limit: 20 })],
  ['metrics: queues', ({ synchronizer }) => synchronizer.queueLengths()],
  ['metrics: unsent notifications', (of) => notificationsOf(of).countUnsent()],
  ['metrics: jobs', ({ repository }) => repository.jobs.count()],
  ['status: all sources', ({ repository }) => repository.sourceStates()],
  ['runs', ({ repository }) => repository.runs({ limit: 20 })],
  ['runs of a source', ({ repository }) => repository.runs({ source: 's1', limit: 20 })],
  ['a run', ({ repository }) => repository.run(41)],
  ['deliveries', ({ repository }) => repository.deliveries({ limit: 20 })],
  ['deliveries of a source', ({ repository }) => repository.deliveries({ source: 's1', limit: 20 })],
  ['a delivery', ({ repository, delivery }) => repository.delivery(delivery)],
  ['rejected rows of a run', ({ repository }) => consumed(repository.rejectedRows(40))],
  ['rows that are left out', ({ repository }) => consumed(repository.rejections())],
  ['why rows are left out', ({ repository }) => consumed(repository.rejectionReasons())],
  ['a resource explained', ({ repository }) => repository.explain('Person', 'p1')],
  ['the history of a resource', ({ repository }) => repository.history('1')],
  ['executions of jobs', ({ repository }) => repository.jobs.executions({ limit: 20 })],
  [
    'nothing to prune',
    ({ repository, configuration }) => prune(repository.database, configuration.retention),
  ],
]

function notificationsOf({ repository, configuration }: Filled) {
  return openNotifications(repository.database, configuration)
}

/** Each source has a type of its own; the first one's is `Person`. */
async function configurationIn(folder: string): Promise<Configuration> {
  const types = ['Person', ...Array.from({ length: sources - 1 }, (_, index) => `Type${index + 2}`)]
  const properties = '{ number: string, name: string }'
  const text = [
    'entityTypes:',
    ...types.map((type) => `  ${type}: { display: name, properties: ${properties} }`),
    'sources:',
    ...types.map(
      (type, index) =>
        `  s${index + 1}: { folder: ., expected: 26h, entities: { ${type}: { file: p.csv, key: number, properties: { number: number, name: name } } } }`,
    ),
  ]
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), `${text.join('\n')}\n`)
  return await requireConfiguration(join(folder, 'sluice.yaml'))
}

async function fill({ folder, url }: StoredRunsBench, name: string, runs: number): Promise<Filled> {
  const configuration = await configurationIn(folder)
  const schema = `bench_${name}_${randomUUID().slice(0, 8)}`
  const repository = await openRepository({ kind: 'postgres', url, schema })
  await repository.evolve(configuration)
  const { database } = repository
  await database.session((session) => session.execute(filling(runs)))
  const { rows } = await database.session((session) =>
    session.query<{ id: string }>(
      'select delivery_id as id from sluice_delivery where source_id = 1 order by position desc limit 1',
    ),
  )
  const synchronizer = openSynchronizer({ repository, configuration })
  return {
    repository,
    synchronizer,
    configuration,
    delivery: rows[0]?.id ?? '',
    async [Symbol.asyncDispose]() {
      await database.session((session) => session.execute(`drop schema ${schema} cascade`))
      await repository[Symbol.asyncDispose]()
    },
  }
}

/** A run of each source in turn, over the last eleven months; every hundredth failed, every tenth has rejected rows. */
function filling(runs: number): string {
  const began = `now() - interval '330 days' * (1 - n::float8 / ${runs})`
  const report = `jsonb_build_object('run', n, 'cause', 'delivery', 'by', jsonb_build_object('kind', 'schedule', 'name', 'nightly'),
    'delivery', null, 'source', 's' || (n % ${sources} + 1), 'mode', 'complete', 'state', 'applied', 'startedAt', '2026-01-01T00:00:00Z',
    'finishedAt', '2026-01-01T00:00:00Z', 'entities', '[]'::jsonb, 'associations', '[]'::jsonb, 'exceeded', '[]'::jsonb, 'drift', null,
    'decision', null, 'replacedBy', null, 'stages', '[]'::jsonb, 'notes', jsonb_build_array(repeat('as it was ', 40)), 'error', null)`
  return `
    insert into sluice_delivery (delivery_id, source_id, mode, by_kind, by_name, state, announced_at, touched_at, sealed_at, finished_at)
      select gen_random_uuid(), n % ${sources} + 1, 'complete', 'schedule', 'nightly', case when n % 100 = 0 then 'failed' else 'applied' end,
        ${began}, ${began}, ${began}, ${began} from generate_series(1, ${runs}) n;
    insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state, started_at, finished_at, report)
      select 'delivery', 'schedule', 'nightly', d.delivery_id, d.source_id, 'complete', d.state, ${began}, ${began}, ${report}
      from sluice_delivery d cross join lateral (select d.position as n) p order by d.position;
    update sluice_source s set applied_delivery = (select d.delivery_id from sluice_delivery d where d.source_id = s.source_id
      and d.state = 'applied' order by d.position desc limit 1);
    insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason, stands)
      select n * 10, 'Person', 'p.csv', l, 'k' || l, 'name', 'x', 'not a number', true
      from generate_series(1, ${Math.floor(runs / 10)}) n, generate_series(1, 10) l;
    insert into person (resource_id, number, name, _created_run, _changed_run)
      select n, 'p' || n, 'Person ' || n, 1, 1 from generate_series(1, 10000) n;
    insert into replica_s1_person (key, resource_id, digest) select 'p' || n, n, n from generate_series(1, 10000) n;
    insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after)
      select n, 'Person', 10 + (n * 7 + l) % 9990, 'update', 'p', '{"name": "a"}', '{"name": "b"}'
      from generate_series(1, ${runs}) n, generate_series(1, 3) l;
    insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after)
      select n, 'Person', 1, 'update', 'p1', '{"name": "a"}', '{"name": "b"}' from generate_series(1, 20) n;
    insert into sluice_notification (receiver, source, kind, run_id, sameness, content, state, created_at, finished_at)
      select 'ops', 's' || (n % ${sources} + 1), 'runFailed', n, 'x' || n % 50, '{"subject": "a run failed"}', 'sent', ${began}, ${began}
      from generate_series(1, ${Math.ceil(runs / 3)}) n;
    insert into sluice_job_agent (agent_id, host, folder) select gen_random_uuid(), 'host', '/' || n from generate_series(1, 5) n;
    insert into sluice_job_execution (execution_id, agent_id, job, state, started_at, finished_at, document)
      select gen_random_uuid(), a.agent_id, 'job' || j, 'done', now() - n * interval '1 day', now() - n * interval '1 day', '{"cause": "schedule", "by": {"kind": "schedule", "name": "j"}, "start": null, "error": null, "steps": []}'
      from sluice_job_agent a, generate_series(1, 5) j, generate_series(1, 200) n;
    analyze`
}
