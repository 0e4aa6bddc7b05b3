import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { openPlanner, openProject } from './open-project.ts'

const url = inject('servers')['18'] ?? ''

const withMail = (columns: string) => `
entityTypes:
  Person: { display: name, properties: { number: { type: string, required: true }, name: string${columns} } }
sources:
  hr: { folder: data, entities: { Person: { file: p.csv, key: number, properties: { number: n, name: name${columns.replace(': string', ': mail')} } } } }
`

async function project(repository: string, columns = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-plan-test-'))
  await mkdir(join(folder, 'data'))
  await configure(folder, repository, columns)
  await writeFile(join(folder, 'data', 'p.csv'), 'n,name,mail\n1,Ann,ann@x\n')
  return folder
}

const configure = (folder: string, repository: string, columns: string) =>
  writeFile(join(folder, 'sluice.yaml'), `repository: ${repository}\n${withMail(columns)}`)

/** Everything a schema holds: its columns, and each row of Sluice's own tables and of people. */
async function contentOf(schema: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows: columns } = await client.query(
      'select table_name, column_name, data_type from information_schema.columns where table_schema = $1 order by 1, 2',
      [schema],
    )
    const tables = [...new Set(columns.map((row: { table_name: string }) => row.table_name))]
    const rows: unknown[] = []
    for (const table of tables) {
      rows.push((await client.query(`select xmin, t::text from "${schema}"."${table}" t order by 2`)).rows)
    }
    const { rows: sequences } = await client.query(
      'select sequencename, last_value from pg_sequences where schemaname = $1 order by 1',
      [schema],
    )
    return { columns, rows, sequences }
  } finally {
    await client.end()
  }
}

async function dropSchema(schema: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`drop schema if exists ${schema} cascade`)
  await client.end()
}

const newSchema = () => `plan_${randomUUID().replaceAll('-', '')}`
const on = (schema: string) => `{ url: "${url}", schema: ${schema} }`

test('a plan with a model that has changed shows what would be, and leaves the tables as they are', async () => {
  const schema = newSchema()
  const folder = await project(on(schema))
  {
    await using opened = await openProject(folder)
    await opened.sync('hr')
  }
  const before = await contentOf(schema)
  await configure(folder, on(schema), ', mail: string')
  await writeFile(join(folder, 'data', 'p.csv'), 'n,name,mail\n1,Ann,ann@x\n2,Bob,\n')
  await using planner = await openPlanner(folder)
  const { report, changes } = await planner.plan('hr')
  expect(report.entities).toMatchObject([{ changes: { inserted: 1, updated: 1 } }])
  expect(changes).toContainEqual(
    expect.objectContaining({ after: expect.objectContaining({ mail: 'ann@x' }) }),
  )
  expect(await contentOf(schema)).toEqual(before)
  await dropSchema(schema)
})

test('a plan on a schema that does not exist does not make it', async () => {
  const schema = newSchema()
  const folder = await project(on(schema))
  await using planner = await openPlanner(folder)
  expect((await planner.plan('hr')).report.entities).toMatchObject([{ changes: { inserted: 1 } }])
  expect(await contentOf(schema)).toEqual({ columns: [], rows: [], sequences: [] })
})

test('a plan of a project that has no repository yet leaves nothing in its folder', async () => {
  const folder = await project('./repository')
  const before = readdirSync(folder)
  {
    await using planner = await openPlanner(folder)
    expect((await planner.plan('hr')).report.entities).toMatchObject([{ changes: { inserted: 1 } }])
  }
  expect(readdirSync(folder)).toEqual(before)
})

test('a plan with a model that would lose data says so, as synchronizing does', async () => {
  const schema = newSchema()
  const folder = await project(on(schema), ', mail: string')
  {
    await using opened = await openProject(folder)
    await opened.sync('hr')
  }
  await configure(folder, on(schema), '')
  await using planner = await openPlanner(folder)
  await expect(planner.plan('hr')).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-09' })
  await dropSchema(schema)
})
