/**
 * The server's part of a run against what the database needs for the bare work.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deliver, prepareSource } from '@sluice/agent'
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration, RunReport } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { requireConfiguration } from '@sluice/project'
import { manifestSchema } from '@sluice/protocol'
import { type Database, identifier, openRepository, type Repository } from '@sluice/repository'
import { generateRows, statuses } from './generate.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'

export interface SynchronizeBench {
  readonly folder: string
  readonly rows: number
  readonly rounds: number
  /** A URL, or `undefined` for PGlite in a folder. */
  readonly url?: string | undefined
}

export interface SynchronizeResult {
  readonly rows: readonly BenchRow[]
  /** Milliseconds of ours, for the growth from one size to another. */
  readonly load: number
  readonly unchanged: number
}

const entityColumns = [
  'id string',
  'first_name string',
  'last_name string',
  'mail string',
  'number integer',
  'salary decimal',
  'active boolean',
  'hired date',
  'changed_at datetime',
  'status enum',
  'uuid uuid',
  'remark text',
].map((line) => line.split(' ') as [string, string])

/** First load, nothing changed, and one row in a hundred changed, with history. */
export async function benchSynchronize(bench: SynchronizeBench): Promise<SynchronizeResult> {
  const name = bench.url === undefined ? 'PGlite' : 'PostgreSQL'
  const versions = await prepareVersions(bench)
  const load: Round[] = []
  const unchanged: Round[] = []
  const changed: Round[] = []
  for (let round = 0; round < bench.rounds; round++) {
    await using project = await openBenchProject(bench, versions.configuration)
    const floors = await measureFloors(project.repository.database, versions.first)
    const first = await synchronize(project.synchronizer, versions.first)
    load.push({ floor: floors.load, ours: first.milliseconds })
    const again = await synchronize(project.synchronizer, versions.first)
    expectChanges(again.report, 0)
    unchanged.push({ floor: floors.compare, ours: again.milliseconds })
    const second = await synchronize(project.synchronizer, versions.second)
    expectChanges(second.report, Math.floor(bench.rows / 100))
    changed.push({ floor: floors.compare, ours: second.milliseconds })
  }
  const promised = bench.url !== undefined
  const row = (task: string, floor: string, limit: number, rounds: readonly Round[]) =>
    benchRow({ task: `${name}: ${task}`, floor, limit: promised ? limit : null }, rounds)
  const compare = 'COPY into an unlogged table, hash anti-join on key and digest'
  const rows = [
    row('first complete load', 'COPY into an indexed, logged, typed table', 3, load),
    row('complete, nothing changed', compare, 2, unchanged),
    row('complete, 1 % changed, with history', compare, 2.5, changed),
  ]
  return { rows, load: rows[0]?.milliseconds ?? 0, unchanged: rows[1]?.milliseconds ?? 0 }
}

interface Round {
  readonly floor: number
  readonly ours: number
}

interface Versions {
  readonly configuration: Configuration
  readonly first: Prepared
  readonly second: Prepared
}

/** Generates both versions of the file and prepares them, once for all rounds. */
async function prepareVersions(bench: SynchronizeBench): Promise<Versions> {
  await generateVersion(bench, 1)
  const first = await prepareVersion(bench, 1)
  await generateVersion(bench, 2)
  return { configuration: await openVersions(bench), first, second: await prepareVersion(bench, 2) }
}

export async function generateVersion(bench: SynchronizeBench, version: 1 | 2): Promise<void> {
  await mkdir(bench.folder, { recursive: true })
  await generateRows(join(bench.folder, 'people.csv'), bench.rows, { version })
}

/** Prepares the generated file as it lies there, into a folder named after `version`. */
export async function prepareVersion(bench: SynchronizeBench, version: 1 | 2): Promise<Prepared> {
  const { model, prepare: settings, sources } = await openVersions(bench)
  const source = sources.get('people')
  if (source === undefined) throw new Error('The bench has lost its source.')
  const folder = join(bench.folder, `prepared-${version}`)
  const prepared = await prepareSource({ source, model, mode: 'complete', folder, settings })
  await writeFile(join(folder, 'bench-manifest.json'), JSON.stringify(prepared.manifest))
  return prepared
}

/** First load and unchanged, of the generated file as it lies there. */
export async function synchronizeTwice(bench: SynchronizeBench): Promise<void> {
  const prepared = await readPrepared(bench)
  await using project = await openBenchProject(bench, await openVersions(bench))
  await synchronize(project.synchronizer, prepared)
  await synchronize(project.synchronizer, prepared)
}

/** What `prepareVersion(bench, 1)` left in its folder. */
async function readPrepared(bench: SynchronizeBench): Promise<Prepared> {
  const folder = join(bench.folder, 'prepared-1')
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'bench-manifest.json'), 'utf8'))
  return { folder, manifest: manifestSchema.parse(manifest), references: [] }
}

export async function openVersions(bench: SynchronizeBench): Promise<Configuration> {
  await mkdir(bench.folder, { recursive: true })
  const property = ([name, type]: readonly [string, string]) =>
    `      ${name}: ${type === 'enum' ? `{type: enum, values: [${statuses.join(', ')}]}` : type}`
  const text = [
    'repository: ./repository',
    'entityTypes:',
    '  Person:',
    '    properties:',
    ...entityColumns.map(property),
    'sources:',
    '  people:',
    '    folder: .',
    '    entities:',
    '      Person:',
    '        file: people.csv',
    '        key: id',
    '        properties:',
    ...entityColumns.map(([name]) => `          ${name}: ${name}`),
  ].join('\n')
  await writeFile(join(bench.folder, 'sluice.yaml'), text)
  return await requireConfiguration(join(bench.folder, 'sluice.yaml'))
}

export interface BenchProject extends AsyncDisposable {
  readonly repository: Repository
  readonly synchronizer: Synchronizer
}

export async function openBenchProject(
  bench: SynchronizeBench,
  configuration: Configuration,
): Promise<BenchProject> {
  const schema = `bench_${randomUUID().slice(0, 8)}`
  const folder = join(bench.folder, schema)
  const repository = await openRepository(
    bench.url === undefined ? { kind: 'folder', path: folder } : { kind: 'postgres', url: bench.url, schema },
  )
  await repository.evolve(configuration)
  return {
    repository,
    synchronizer: openSynchronizer({ repository, configuration }),
    async [Symbol.asyncDispose]() {
      if (bench.url !== undefined) {
        await repository.database.session((session) =>
          session.execute(`drop schema ${identifier(schema)} cascade`),
        )
      }
      await repository[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function synchronize(
  synchronizer: Synchronizer,
  prepared: Prepared,
  { source, base }: { readonly source: string; readonly base?: string } = { source: 'people' },
): Promise<{ readonly milliseconds: number; readonly report: RunReport; readonly delivery: string }> {
  const id = randomUUID()
  const mode = base === undefined ? ({ mode: 'complete' } as const) : ({ mode: 'incremental', base } as const)
  await synchronizer.inbox.announce({ id, source, ...mode })
  await deliver({ inbox: synchronizer.inbox, deliveryId: id, prepared })
  let reports: readonly RunReport[] = []
  const milliseconds = await timed(async () => {
    reports = await synchronizer.synchronize(source)
  })
  const [report] = reports
  if (report?.state !== 'applied') throw new Error(`The bench's run is ${report?.state ?? 'missing'}.`)
  return { milliseconds, report, delivery: id }
}

export function expectChanges(report: RunReport, updated: number): void {
  const found = report.entities[0]?.changes.updated
  if (found !== updated) throw new Error(`The bench expected ${updated} updates and got ${found}.`)
}

/** The bare work, on the very file that the engine gets. */
async function measureFloors(
  database: Database,
  prepared: Prepared,
): Promise<{ readonly load: number; readonly compare: number }> {
  const file = prepared.manifest.files[0]
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const path = join(prepared.folder, file.name)
  const names = file.columns.map(identifier)
  const types = entityColumns.map(([name, type]) => `${identifier(name)} ${sqlTypes[type] ?? 'text'}`)
  const copy = (table: string) => (session: Parameters<Parameters<Database['session']>[0]>[0]) =>
    session.copyFrom(`${table} (${names.join(', ')})`, path, 'format csv, header true')
  await database.session((session) =>
    session.execute(`create table floor_typed (${types.join(', ')}, primary key (id))`),
  )
  const load = await timed(() => database.transaction(copy('floor_typed')))
  const digest = `hash_record_extended(row(${names.map((name) => `s.${name}`).join(', ')}), 0)`
  await database.session((session) =>
    session.execute(
      `create unlogged table floor_known as select id as key, 0::bigint as digest from floor_typed`,
    ),
  )
  const staged = names.map((name) => `${name} text`).join(', ')
  await database.session((session) => session.execute(`create unlogged table floor_staged (${staged})`))
  const copying = await timed(() => database.transaction(copy('floor_staged')))
  await database.session((session) =>
    session.execute(`drop table floor_known; create table floor_known as select s.id as key, ${digest} as digest from floor_staged s;
      alter table floor_known add primary key (key); analyze floor_known`),
  )
  const joining = await timed(() =>
    database.session((session) =>
      session.query(`select count(*) from floor_staged s
        where not exists (select from floor_known k where k.key = s.id and k.digest = ${digest})`),
    ),
  )
  await database.session((session) =>
    session.execute('drop table floor_typed; drop table floor_staged; drop table floor_known'),
  )
  return { load, compare: copying + joining }
}

const sqlTypes: Readonly<Record<string, string>> = {
  integer: 'bigint',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
  uuid: 'uuid',
}
