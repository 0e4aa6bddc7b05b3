/**
 * A type that comes to be shared, and sources of one whose resources another has brought: one that finds all of them, one that says something new of each besides, which then
 * comes again with nothing changed, and with one row in a hundred changed.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { deliver, prepareSource } from '@sluice/agent'
import { openSynchronizer, type Synchronizer } from '@sluice/inbox'
import type { Configuration, RunReport } from '@sluice/model'
import type { Prepared } from '@sluice/prepare'
import { requireConfiguration } from '@sluice/project'
import { type Database, identifier, openRepository } from '@sluice/repository'
import { type BenchRow, benchRow, timed } from './measure.ts'

/** One source owns the type whole. */
const alone = `
repository: ./repository
entityTypes:
  Person:
    display: name
    properties: { number: string, name: string, mail: string, room: string, login: string }
sources:
  hr:
    folder: .
    thresholds: off
    precedence: 10
    entities:
      Person:
        file: hr.csv
        key: number
        properties: { number: number, name: name, room: room }
`

const shared = `${alone}
  ad:
    folder: .
    thresholds: off
    entities:
      Person:
        file: ad.csv
        key: login
        reconciliation: { rules: [[number, name]] }
        properties: { number: number, name: name, login: login }
  payroll:
    folder: .
    thresholds: off
    entities:
      Person:
        file: payroll.csv
        key: number
        reconciliation: { rules: [[number, name]] }
        properties: { number: number, name: name }
`

export interface SharedTypesBench {
  readonly folder: string
  readonly url: string
  readonly rows: number
  readonly rounds: number
}

/** Milliseconds. */
interface Times {
  readonly share: number
  readonly shareFloor: number
  readonly find: number
  readonly findFloor: number
  readonly fill: number
  readonly fillFloor: number
  readonly unchanged: number
  readonly changed: number
  readonly compareFloor: number
}

export async function benchSharedTypes(bench: SharedTypesBench): Promise<readonly BenchRow[]> {
  await mkdir(bench.folder, { recursive: true })
  const configurations = {
    alone: await configurationOf(bench, 'alone.yaml', alone),
    shared: await configurationOf(bench, 'sluice.yaml', shared),
  }
  const prepared = await prepareAll(bench, configurations)
  const times: Times[] = []
  for (let round = 0; round < bench.rounds; round++)
    times.push(await measure(bench, configurations, prepared))
  const compare = 'COPY into an unlogged table, hash anti-join on key and digest'
  const row = (
    task: string,
    floor: string,
    limit: number,
    of: (one: Times) => { floor: number; ours: number },
  ) => benchRow({ task: `PostgreSQL: ${task}`, floor, limit }, times.map(of))
  return [
    row(
      'a type with an owner comes to be shared',
      'inserts of what is asserted, and of the replicas anew',
      3,
      ({ share, shareFloor }) => ({ floor: shareFloor, ours: share }),
    ),
    row(
      'a second source finds all resources by two attributes',
      'hash join that finds them, inserts of its rows and replicas',
      3,
      ({ find, findFloor }) => ({ floor: findFloor, ours: find }),
    ),
    row(
      'the same, with a new value of each',
      'the same, updates and their history',
      3,
      ({ fill, fillFloor }) => ({ floor: fillFloor, ours: fill }),
    ),
    row('second source of a shared type, nothing changed', compare, 2, ({ unchanged, compareFloor }) => ({
      floor: compareFloor,
      ours: unchanged,
    })),
    row('second source of a shared type, 1 % changed', compare, 3, ({ changed, compareFloor }) => ({
      floor: compareFloor,
      ours: changed,
    })),
  ]
}

interface Configurations {
  readonly alone: Configuration
  readonly shared: Configuration
}

async function configurationOf(
  { folder }: SharedTypesBench,
  name: string,
  text: string,
): Promise<Configuration> {
  await writeFile(join(folder, name), text)
  return await requireConfiguration(join(folder, name))
}

interface PreparedAll {
  readonly hr: Prepared
  readonly payroll: Prepared
  readonly ad: Prepared
  /** One login in a hundred is another. */
  readonly adChanged: Prepared
}

async function prepareAll(
  { folder, rows }: SharedTypesBench,
  configurations: Configurations,
): Promise<PreparedAll> {
  const prepare = async (source: string, into: string) => {
    const configuration = source === 'hr' ? configurations.alone : configurations.shared
    const of = configuration.sources.get(source)
    if (of === undefined) throw new Error('The bench has lost its source.')
    const { model, prepare: settings } = configuration
    return await prepareSource({ source: of, model, mode: 'complete', folder: join(folder, into), settings })
  }
  await write(join(folder, 'hr.csv'), 'number,name,room', rows, (n) => `${n},Person ${n},room ${n % 500}`)
  const adOf = (version: number) => (n: number) =>
    `u${n},${n},${version === 2 && n % 100 === 0 ? `Person ${n} (new)` : `Person ${n}`}`
  await write(join(folder, 'ad.csv'), 'login,number,name', rows, adOf(1))
  await write(join(folder, 'payroll.csv'), 'number,name', rows, (n) => `${n},Person ${n}`)
  const hr = await prepare('hr', 'prepared-hr')
  const payroll = await prepare('payroll', 'prepared-payroll')
  const ad = await prepare('ad', 'prepared-ad')
  await write(join(folder, 'ad.csv'), 'login,number,name', rows, adOf(2))
  return { hr, payroll, ad, adChanged: await prepare('ad', 'prepared-ad-changed') }
}

async function write(path: string, header: string, rows: number, line: (n: number) => string): Promise<void> {
  function* lines() {
    yield `${header}\n`
    for (let n = 0; n < rows; n++) yield `${line(n)}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
}

async function measure(
  { url, rows }: SharedTypesBench,
  { alone: before, shared: configuration }: Configurations,
  { hr, payroll, ad, adChanged }: PreparedAll,
): Promise<Times> {
  const schema = `bench_${randomUUID().slice(0, 8)}`
  await using repository = await openRepository({ kind: 'postgres', url, schema })
  await repository.evolve(before)
  try {
    await synchronize(openSynchronizer({ repository, configuration: before }), 'hr', hr)
    const shareFloor = await measureSharing(repository.database)
    const share = await timed(() => repository.evolve(configuration))
    const synchronizer = openSynchronizer({ repository, configuration })
    const {
      find: findFloor,
      fill: fillFloor,
      compare: compareFloor,
    } = await measureFloors(repository.database, ad)
    const found = await synchronize(synchronizer, 'payroll', payroll)
    expect(found.report.entities[0]?.replicas?.matchedUnchanged, rows)
    const first = await synchronize(synchronizer, 'ad', ad)
    expect(first.report.entities[0]?.replicas?.matchedUpdated, rows)
    const again = await synchronize(synchronizer, 'ad', ad)
    expect(again.report.entities[0]?.changes.updated, 0)
    const changed = await synchronize(synchronizer, 'ad', adChanged)
    expect(changed.report.entities[0]?.rows?.updated, Math.floor(rows / 100))
    return {
      share,
      shareFloor,
      findFloor,
      fillFloor,
      compareFloor,
      find: found.milliseconds,
      fill: first.milliseconds,
      unchanged: again.milliseconds,
      changed: changed.milliseconds,
    }
  } finally {
    await repository.database.session((session) =>
      session.execute(`drop schema ${identifier(schema)} cascade`),
    )
  }
}

function expect(found: number | undefined, expected: number): void {
  if (found !== expected) throw new Error(`The bench expected ${expected} and got ${found}.`)
}

async function synchronize(
  synchronizer: Synchronizer,
  source: string,
  prepared: Prepared,
): Promise<{ readonly milliseconds: number; readonly report: RunReport }> {
  const id = randomUUID()
  await synchronizer.inbox.announce({ id, source, mode: 'complete' })
  await deliver({ inbox: synchronizer.inbox, deliveryId: id, prepared })
  let reports: readonly RunReport[] = []
  const milliseconds = await timed(async () => {
    reports = await synchronizer.synchronize(source)
  })
  const [report] = reports
  if (report?.state !== 'applied') throw new Error(`The bench's run is ${report?.state ?? 'missing'}.`)
  return { milliseconds, report }
}

/** The bare work of writing down what the owner of the type asserts. */
async function measureSharing(database: Database): Promise<number> {
  const execute = (text: string) => database.session((session) => session.execute(text))
  await execute(`create table floor_row (primary_key text collate "C" primary key, number text, name text, room text);
    create table floor_replica (like replica_hr_person including all); analyze replica_hr_person`)
  const sharing = await timed(() =>
    execute(`insert into floor_row select r.key, o.number, o.name, o.room
        from replica_hr_person r join person o on o.resource_id = r.resource_id order by r.key;
      insert into floor_replica select * from replica_hr_person`),
  )
  await execute('drop table floor_row, floor_replica')
  return sharing
}

/** The bare work, on the very file that the engine gets. */
async function measureFloors(
  database: Database,
  prepared: Prepared,
): Promise<{ readonly find: number; readonly fill: number; readonly compare: number }> {
  const file = prepared.manifest.files[0]
  if (file === undefined) throw new Error('The bench has prepared nothing.')
  const path = join(prepared.folder, file.name)
  const names = file.columns.map(identifier)
  const execute = (text: string) => database.session((session) => session.execute(text))
  const digest = `hash_record_extended(row(${names.map((name) => `s.${name}`).join(', ')}), 0)`
  await execute(`create unlogged table floor_staged (${names.map((name) => `${name} text`).join(', ')})`)
  const copying = await timed(() =>
    database.transaction((session) =>
      session.copyFrom(`floor_staged (${names.join(', ')})`, path, 'format csv, header true'),
    ),
  )
  await execute(`create table floor_row (primary_key text collate "C" primary key, ${names.map((name) => `asserted_${name.replaceAll('"', '')} text`).join(', ')});
    create table floor_replica (key text collate "C" primary key, resource_id bigint, digest bigint); analyze floor_staged; analyze person`)
  const find = await timed(() =>
    execute(`with found as materialized (select s.*, o.resource_id from floor_staged s join person o on o.number = s.number and o.name = s.name),
        kept as (insert into floor_row select s.login, ${names.map((name) => `s.${name}`).join(', ')} from found s)
      insert into floor_replica select s.login, s.resource_id, ${digest} from found s`),
  )
  await execute(
    'create table floor_person (like person including all); insert into floor_person select * from person; create table floor_history (like sluice_history including all); analyze floor_person',
  )
  const filling = await timed(() =>
    execute(`with filled as (update floor_person o set login = s.login from floor_staged s, floor_replica r
        where r.key = s.login and o.resource_id = r.resource_id returning o.resource_id, s.login)
      insert into floor_history (run_id, entity_type, resource_id, operation, key, before, after)
        select 1, 'Person', f.resource_id, 'update', f.login, '{"login": null}', jsonb_build_object('login', f.login) from filled f`),
  )
  await execute('analyze floor_replica')
  const joining = await timed(() =>
    execute(`select count(*) from floor_staged s
      where not exists (select from floor_replica k where k.key = s.login and k.digest = ${digest})`),
  )
  await execute('drop table floor_staged, floor_row, floor_replica, floor_person, floor_history')
  return { find, fill: find + filling, compare: copying + joining }
}
