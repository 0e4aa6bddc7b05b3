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
import { loadRows } from '@sluice/inbox'
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
  ]
}

/** Milliseconds. */
interface OpenTablesTimes {
  /** COPY into the table, and into one without triggers. */
  readonly copy: number
  readonly copyFloor: number
  /** A load of what stands there already: reading and comparing. */
  readonly loadUnchanged: number
}

async function measureOpenTables({ folder, url, rows }: OpenTablesBench): Promise<OpenTablesTimes> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'servers.csv')
  await pipeline(Readable.from(lines(rows)), createWriteStream(file))
  const configuration = configurationOf(url)
  await using repository = await openRepository(configuration.repository)
  await repository.evolve(configuration)
  try {
    const { copyFloor, copy } = await copyBoth(url, file)
    const load = () => loadFile(repository, configuration, file)
    return { copyFloor, copy, loadUnchanged: await timed(load) }
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

/** Each in a transaction that is committed, as psql does. */
async function copyBoth(url: string, file: string): Promise<Pick<OpenTablesTimes, 'copy' | 'copyFloor'>> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('set search_path to open_tables')
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'open_tables' and tablename like 'synchro_data_%'",
    )
    const table = rows[0]?.name ?? ''
    const columns = 'primary_key, name, org, serial, descr, units'
    const copyInto = (into: string) =>
      pipeline(
        createReadStream(file),
        client.query(copyFrom(`copy ${into} (${columns}) from stdin (format csv, header)`)),
      )
    await client.query(`create table bare (like ${table} including all)`)
    const copyFloor = await timed(() => copyInto('bare'))
    await client.query('drop table bare; checkpoint')
    const copy = await timed(() => copyInto(table))
    await client.query('vacuum analyze')
    return { copyFloor, copy }
  } finally {
    await client.end()
  }
}

async function loadFile(repository: Repository, configuration: Configuration, file: string): Promise<void> {
  const of = { configuration, source: 'cmdb' }
  const result = await loadRows(repository.database, of, { csv: createReadStream(file), separator: ',' })
  if (result.identical !== result.rows) throw new Error('The load found other rows than were copied.')
}
