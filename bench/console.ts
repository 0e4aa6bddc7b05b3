/**
 * What the pages of the console ask of a server, beside the bare SQL that finds the same.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openProject } from '@sluice/project'
import { openRepository, openTokenStore } from '@sluice/repository'
import pg from 'pg'
import { generatedColumns, generateRows } from './generate.ts'
import { createLoadProject } from './load-project.ts'
import { startLoadServer } from './load-server.ts'
import { type BenchRow, benchRow, timed } from './measure.ts'

interface ConsoleBench {
  readonly folder: string
  readonly url: string
  readonly rows: number
  readonly rounds: number
}

interface Asked {
  readonly page: string
  /** Below `/api/v1`. */
  readonly path: string
  readonly sql: string
}

const type = 'Type1'
/** Of all people one value changes: more than a day ever brings. */
const changingRun = 2

const asked: readonly Asked[] = [
  {
    page: 'overview: sources',
    path: '/status',
    sql: 'select * from sluice_run order by run_id desc limit 1',
  },
  { page: 'overview: sizes', path: '/resource-counts', sql: 'select count(*) from type1' },
  {
    page: 'resources: the first 200',
    path: `/resources/${type}?limit=200`,
    sql: 'select * from type1 order by resource_id limit 200',
  },
  {
    page: 'resources: the first 200 by name',
    path: `/resources/${type}?limit=200&sort=last_name`,
    sql: 'select * from type1 order by last_name, resource_id limit 200',
  },
  {
    page: 'resources: the first 200 by an indexed property',
    path: `/resources/${type}?limit=200&sort=first_name`,
    sql: 'select * from type1 order by left(first_name, 200), resource_id limit 200',
  },
  {
    page: 'resources: the last 200 by an indexed property',
    path: `/resources/${type}?limit=200&sort=-first_name`,
    sql: 'select * from type1 order by left(first_name, 200) desc, resource_id desc limit 200',
  },
  {
    page: 'resources: how many fit',
    path: `/resource-counts/${type}?where=${encodeURIComponent('last_name~a')}`,
    sql: "select count(*) from type1 where last_name ilike '%a%'",
  },
  {
    page: 'resource: explained',
    path: `/resources/${type}/%231000/explanation`,
    sql: 'select * from type1 where resource_id = 1000',
  },
  {
    page: 'health: how well a type is known',
    path: `/quality/${type}`,
    sql: `select count(*), ${generatedColumns.map((name) => `count(${name})`).join(', ')} from type1`,
  },
  { page: 'runs', path: '/runs?limit=50', sql: 'select * from sluice_run order by run_id desc limit 50' },
]

const heldChanges: Asked = {
  page: 'held run: the first 200 changes',
  path: `/runs/${changingRun}/changes/page?limit=200`,
  sql: 'select * from type1 order by resource_id limit 200',
}

function appliedChanges(): readonly Asked[] {
  const changes = `/runs/${changingRun}/changes`
  const history = `select entity_type, operation, resource_id, key, before::text, after::text from sluice_history where run_id = ${changingRun}`
  const update = "entity_type = 'Type1' and operation = 'update'"
  return [
    {
      page: 'applied run: the first 200 changes',
      path: `${changes}/page?limit=200`,
      sql: `${history} order by entity_type, operation, key, resource_id limit 200`,
    },
    {
      page: 'applied run: the first 200 of a type whose keys begin alike',
      path: `${changes}/page?limit=200&type=Type1&operation=update&keyStart=K0001`,
      sql: `${history} and ${update} and key ^@ 'K0001' order by entity_type, operation, key, resource_id limit 200`,
    },
    {
      page: 'applied run: the first 200 in which a property changes',
      path: `${changes}/page?limit=200&property=mail`,
      sql: `${history} and jsonb_exists(after, 'mail') order by entity_type, operation, key, resource_id limit 200`,
    },
  ]
}

export async function benchConsole({
  folder,
  url,
  rows,
  rounds,
}: ConsoleBench): Promise<readonly BenchRow[]> {
  const schema = `bench_console_${randomUUID().slice(0, 8)}`
  await createLoadProject({ folder, url, schema, rows, sources: 1, indexed: ['first_name'] })
  {
    await using project = await openProject(folder)
    await project.sync('s1')
    // All rows change: more than a threshold lets pass.
    await generateRows(join(folder, 'people.csv'), rows, { seed: 2 })
    await project.sync('s1')
  }
  const token = await viewer(url, schema)
  await using server = await startLoadServer(folder)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`set search_path to ${schema}`)
  await client.query('analyze')
  const found: BenchRow[] = []
  const of = { client, server: server.url, token, rows, rounds }
  for (const one of [...asked, heldChanges]) found.push(await measure(one, of))
  {
    await using project = await openProject(folder)
    await project.approve(changingRun, { by: 'bench' })
  }
  await client.query('analyze')
  for (const one of appliedChanges()) found.push(await measure(one, of))
  await client.end()
  return found
}

interface Measuring {
  readonly client: pg.Client
  readonly server: string
  readonly token: string
  readonly rows: number
  readonly rounds: number
}

async function measure({ page, path, sql }: Asked, of: Measuring): Promise<BenchRow> {
  const { client, server, token, rows, rounds } = of
  const ask = async () => {
    const answer = await fetch(`${server}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  const select = () => client.query(sql)
  // What is asked for the first time is compiled, planned and cached.
  await ask()
  await select()
  const measured = []
  for (let round = 0; round < Math.max(5, rounds); round += 1)
    measured.push({ floor: await timed(select), ours: await timed(ask) })
  const task = `${page}, ${rows.toLocaleString('en')} resources`
  return benchRow({ task, floor: 'the bare SQL', limit: null }, measured)
}

async function viewer(url: string, schema: string): Promise<string> {
  await using repository = await openRepository({ kind: 'postgres', url, schema })
  const tokens = openTokenStore(repository.database)
  return (await tokens.create({ name: 'viewer', role: 'viewer', sources: [] }, 'bench', [])).secret
}
