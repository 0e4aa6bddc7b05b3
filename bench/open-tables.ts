/**
 * Rows that come into an open table: by COPY of an SQL client, and by a load, of rows that change nothing.
 *
 * @module
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { loadRows, openSynchronizer } from '@sluice/inbox'
import { type Configuration, parseConfiguration } from '@sluice/model'
import { openRepository, type Repository } from '@sluice/repository'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type BenchRow, benchRow, timed } from './measure.ts'

const yaml = (url: string) => `
repository: {url: "${url}", schema: open_tables}
entityTypes:
  Server:
    display: name
    properties: { name: string, org: string, serial: string, descr: text, units: integer }
sources:
  cmdb:
    table: true
    entities:
      Server: { reconciliation: { rules: [[name]] }, properties: { name: {}, org: {}, serial: {}, descr: {}, units: {} } }
`

export interface OpenTablesBench {
  readonly folder: string
  readonly url: string
  readonly rows: number
  readonly rounds: number
}

export async function benchOpenTables(bench: OpenTablesBench): Promise<readonly BenchRow[]> {
  const times: OpenTablesTimes[] = []
  for (let round = 0; round < bench.rounds; round++) times.push(await measureOpenTables(bench))
  const floor = 'the same COPY, no triggers'
  return [
    benchRow(
      { task: 'PostgreSQL: COPY into an open table', floor, limit: 2 },
      times.map(({ copyFloor, copy }) => ({ floor: copyFloor, ours: copy })),
    ),
    benchRow(
      { task: 'PostgreSQL: load of rows that stand there', floor, limit: null },
      times.map(({ copyFloor, loadUnchanged }) => ({ floor: copyFloor, ours: loadUnchanged })),
    ),
    await benchFirstLoad(bench),
  ]
}

/** As many rows as iTop takes two minutes for, each of which becomes a resource. */
const firstRows = 10_000

/** A load and the run that follows it: each row looks for its resource, finds none and makes one, with its history. */
async function benchFirstLoad(bench: OpenTablesBench): Promise<BenchRow> {
  const times: { readonly floor: number; readonly ours: number }[] = []
  for (let round = 0; round < bench.rounds; round++)
    times.push(
      await withRepository({ ...bench, rows: firstRows }, async ({ repository, configuration, file }) => {
        const floor = await copyInto(bench.url, file, 'bare')
        const synchronizer = openSynchronizer({ repository, configuration })
        const ours = await timed(async () => {
          await loadFile(repository, configuration, file)
          const [report] = await synchronizer.synchronize('cmdb')
          const made = report?.entities[0]?.replicas?.created
          if (made !== firstRows) throw new Error(`The first load made ${made} resources.`)
        })
        return { floor, ours }
      }),
    )
  const task = `PostgreSQL: first load of ${firstRows.toLocaleString('en')} rows into an open table, and the run that makes their resources`
  return benchRow({ task, floor: 'COPY of them, no triggers', limit: null }, times)
}

/** Milliseconds. */
interface OpenTablesTimes {
  /** COPY into the table, and into one without triggers. */
  readonly copy: number
  readonly copyFloor: number
  /** A load of what stands there already: reading and comparing. */
  readonly loadUnchanged: number
}

async function measureOpenTables(bench: OpenTablesBench): Promise<OpenTablesTimes> {
  return await withRepository(bench, async ({ repository, configuration, file }) => {
    const copyFloor = await copyInto(bench.url, file, 'bare')
    const copy = await copyInto(bench.url, file, 'open')
    const load = async () => {
      const { identical, rows } = await loadFile(repository, configuration, file)
      if (identical !== rows) throw new Error('The load found other rows than were copied.')
    }
    return { copyFloor, copy, loadUnchanged: await timed(load) }
  })
}

interface Prepared {
  readonly repository: Repository
  readonly configuration: Configuration
  /** The rows, as CSV. */
  readonly file: string
}

/** In a schema that is dropped afterwards. */
async function withRepository<T>(
  { folder, url, rows }: OpenTablesBench,
  work: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'servers.csv')
  await pipeline(Readable.from(lines(rows)), createWriteStream(file))
  const configuration = configurationOf(url)
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  try {
    return await work({ repository, configuration, file })
  } finally {
    await rm(file)
    await repository.database.session((session) => session.execute('drop schema open_tables cascade'))
  }
}

function* lines(rows: number): Generator<string> {
  yield 'primary_key,name,org,serial,descr,units\n'
  for (let n = 0; n < rows; n++) yield `k${n},name ${n},Demo,S${n},some description of ${n},${n % 100}\n`
}

function configurationOf(url: string): Configuration {
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text: yaml(url) }])
  if (!configuration) throw new Error(findings.map(({ message }) => message).join('\n'))
  return configuration
}

/** In a transaction that is committed, as psql does: into the open table, or into a bare one of the same columns and keys. */
async function copyInto(url: string, file: string, into: 'open' | 'bare'): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('set search_path to open_tables')
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'open_tables' and tablename like 'synchro_data_%'",
    )
    const open = rows[0]?.name ?? ''
    if (into === 'bare') await client.query(`create table bare (like ${open} including all)`)
    await client.query('checkpoint')
    const columns = 'primary_key, name, org, serial, descr, units'
    const statement = `copy ${into === 'bare' ? 'bare' : open} (${columns}) from stdin (format csv, header)`
    const milliseconds = await timed(() =>
      pipeline(createReadStream(file), client.query(copyFrom(statement))),
    )
    if (into === 'bare') await client.query('drop table bare')
    else await client.query('vacuum analyze')
    return milliseconds
  } finally {
    await client.end()
  }
}

async function loadFile(
  { database }: Repository,
  configuration: Configuration,
  file: string,
): ReturnType<typeof loadRows> {
  const of = { configuration, source: 'cmdb' }
  return await loadRows(database, of, { csv: createReadStream(file), separator: ',' })
}
