import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'

const model = `
entityTypes:
  Person:
    display: name
    properties: {name: {type: string, required: true}, grade: integer, password: secret}
`
const alone = `${model}
sources:
  hr:
    entities:
      Person: {file: people.csv, key: name, properties: {name: name, grade: grade, password: pw}}
`
const shared = `${model}
sources:
  hr:
    precedence: 20
    entities:
      Person: {file: people.csv, key: name, reconciliation: {rules: [[name]]}, properties: {name: name, password: pw}}
  ad:
    precedence: 10
    entities:
      Person: {file: ad.csv, key: name, reconciliation: {rules: [[name]]}, properties: {name: {column: cn, policy: write_if_empty}, password: {column: pw, policy: master_unlocked}}}
`
const open = `${model}
sources:
  cmdb:
    table: true
    entities:
      Person: {reconciliation: {rules: [[name]]}, properties: {name: {}, grade: {}, password: {}}}
`

const clear = 'Tr0ub4dor&3'
const other = 'correct horse'

type Harness = Awaited<ReturnType<typeof projectOf>>

/** Tables of the repository, and files of the project, in which the text stands; source files, which hold it, are left out. */
async function whereIs(harness: Harness, text: string): Promise<readonly string[]> {
  const found = await harness.rows(
    `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
  )
  const tables: string[] = []
  for (const { name } of found) {
    const [row] = await harness.rows(
      `select count(*)::int as count from "${String(name)}" x where x::text like ${pg.escapeLiteral(`%${text}%`)}`,
    )
    if (row?.['count'] !== 0) tables.push(String(name))
  }
  const files: string[] = []
  for (const entry of await readdir(harness.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !path.includes('.sluice')) continue
    if ((await readFile(path, 'utf8')).includes(text)) files.push(path)
  }
  return [...tables, ...files]
}

async function hiddenOf(harness: Harness, name: string): Promise<unknown> {
  const [row] = await harness.rows(`select password from person where name = '${name}'`)
  return row?.['password']
}

async function all<T>(found: AsyncIterable<T>): Promise<readonly T[]> {
  const records: T[] = []
  for await (const record of found) records.push(record)
  return records
}

const hidden = /^\$s2k\$sha256\$65536\$[0-9a-f]{16}\$[0-9a-f]{64}$/

test('a password that is delivered is kept hidden, is nowhere in the clear, and is no change when it is delivered again', async () => {
  const files = { 'people.csv': `name,grade,pw\nAda,1,${clear}\nBob,2,${clear}\nEve,3,\n,4,${clear}\n` }
  await using harness = await projectOf({ configuration: alone, files })
  expect(await harness.project.sync('hr')).toMatchObject({
    state: 'applied',
    entities: [{ changes: { inserted: 3 } }],
  })
  expect(await hiddenOf(harness, 'Ada')).toMatch(hidden)
  expect(await hiddenOf(harness, 'Bob')).toMatch(hidden)
  expect(await hiddenOf(harness, 'Bob')).not.toBe(await hiddenOf(harness, 'Ada'))
  expect(await hiddenOf(harness, 'Eve')).toBeNull()

  const again = await harness.project.sync('hr', { mode: 'complete' })
  expect(again.entities[0]?.changes).toEqual({ inserted: 0, updated: 0, deleted: 0 })

  await harness.write({ 'people.csv': `name,grade,pw\nAda,1,${other}\nBob,2,${clear}\nEve,3,\n` })
  const changed = await harness.project.sync('hr', { mode: 'complete', force: true })
  expect(changed.entities[0]?.changes).toEqual({ inserted: 0, updated: 1, deleted: 0 })
  for (const text of [clear, other]) expect(await whereIs(harness, text)).toEqual([])
})

test('nobody reads it back: not as a value, not by a condition, not in the history', async () => {
  const files = { 'people.csv': `name,grade,pw\nAda,1,${clear}\nBob,2,\n` }
  await using harness = await projectOf({ configuration: alone, files })
  await harness.project.sync('hr')
  await harness.write({ 'people.csv': `name,grade,pw\nAda,1,${other}\nBob,2,\n` })
  const { run } = await harness.project.sync('hr', { mode: 'complete', force: true })
  const { repository } = harness.project
  expect(await valuesOf(harness.project, 'Person')).toEqual([
    { name: 'Ada', grade: 1 },
    { name: 'Bob', grade: 2 },
  ])
  for (const query of [
    { columns: ['password'] },
    { sort: [{ property: 'password' }] },
    { where: [{ property: 'password', operator: '=' as const, value: clear }] },
  ])
    await expect(all(repository.resources('Person', query))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-26',
    })
  const explained = await repository.explain('Person', 'Ada')
  expect(explained?.values.find(({ property }) => property === 'password')).toMatchObject({
    value: '(set)',
    source: 'hr',
  })
  expect(explained?.history[0]).toMatchObject({ before: { password: '(set)' }, after: { password: '(set)' } })
  const changes = await all(harness.project.changes(run ?? 0))
  expect(changes).toMatchObject([{ before: { password: '(set)' }, after: { password: '(set)' } }])
  expect(JSON.stringify([explained, changes])).not.toContain('$s2k')
})

test('what a row says that cannot be read is not told, and no resource counts as gone', async () => {
  const files = { 'people.csv': `name,grade,pw\nAda,1,${clear}\nBob,2,${clear}\n` }
  await using harness = await projectOf({ configuration: alone, files })
  await harness.project.sync('hr')
  await harness.write({ 'people.csv': `name,grade,pw\nAda,1,${clear}\nBob,2,"${clear}" and more\n` })
  const report = await harness.project.sync('hr', { mode: 'complete', force: true })
  expect(report.entities[0]).toMatchObject({ changes: { deleted: 0 }, rows: { rejected: 1 } })
  expect(await whereIs(harness, clear)).toEqual([])
})

test('of several sources the one that wins decides it, and an equal value of a row is no change', async () => {
  const files = {
    'people.csv': `name,pw\nAda,${clear}\nBob,\n`,
    'ad.csv': `cn,pw\nAda,${other}\nBob,${other}\n`,
  }
  await using harness = await projectOf({ configuration: shared, files })
  await harness.project.sync('hr')
  const won = await hiddenOf(harness, 'Ada')
  await harness.project.sync('ad', { force: true })
  expect(await hiddenOf(harness, 'Ada')).toBe(won)
  const again = await harness.project.sync('ad', { mode: 'complete' })
  expect(again.entities[0]).toMatchObject({ changes: { updated: 0 }, replicas: { updated: 0 } })
  const explained = await harness.project.repository.explain('Person', 'Ada')
  expect(explained?.values.find(({ property }) => property === 'password')?.claims).toMatchObject([
    { source: 'hr', says: '(set)', standing: 'wins' },
    { source: 'ad', says: '(set)', standing: 'shadowed' },
  ])
  for (const text of [clear, other]) expect(await whereIs(harness, text)).toEqual([])
})

test('an SQL client writes it in the clear, and the table holds it hidden; a load of the same is no change', async () => {
  await using harness = await projectOf({ configuration: open, files: {} })
  const table = 'synchro_data_person_1'
  await harness.execute(
    `insert into ${table} (primary_key, name, grade, password) values ('1', 'Ada', '1', '${clear}'), ('2', 'Bob', '2', null)`,
  )
  expect(await whereIs(harness, clear)).toEqual([])
  await harness.project.synchronize('cmdb')
  const stored = await hiddenOf(harness, 'Ada')
  expect(stored).toMatch(hidden)

  await harness.execute(
    `insert into ${table} (primary_key, name, password) values ('1', 'Ada', '${clear}') on conflict (primary_key) do update set password = excluded.password`,
  )
  const [row] = await harness.rows(`select status from replica_cmdb_person where key = '1'`)
  expect(row).toEqual({ status: 'synchronized' })
  const csv = `primary_key;name;grade;password\n1;Ada;1;${clear}\n2;Bob;2;<NULL>\n`
  expect(await harness.project.load('cmdb', { csv })).toMatchObject({ load: { identical: 2 } })

  await harness.execute(`update ${table} set password = '' where primary_key = '1'`)
  await harness.project.synchronize('cmdb')
  expect(await hiddenOf(harness, 'Ada')).toBeNull()
  expect(await whereIs(harness, clear)).toEqual([])
})

test('people set it, the same one again is no change, and a held request keeps none', async () => {
  await using harness = await projectOf({ configuration: model, files: {} })
  const { project } = harness
  await project.edit([{ action: 'create', type: 'Person', values: { name: 'Ada', password: clear } }])
  const stored = await hiddenOf(harness, 'Ada')
  expect(stored).toMatch(hidden)
  const set = (password: string) =>
    project.edit([{ action: 'update', type: 'Person', resource: 'name:Ada', values: { password } }])
  const same = await set(clear)
  expect(same.report.entities[0]?.changes.updated ?? 0).toBe(0)
  expect(await hiddenOf(harness, 'Ada')).toBe(stored)
  await set(other)
  expect(await hiddenOf(harness, 'Ada')).not.toBe(stored)

  const many = Array.from({ length: 30 }, (_, n) => ({
    action: 'create' as const,
    type: 'Person',
    values: { name: `P${n}`, password: clear },
  }))
  await project.edit(many)
  const held = await project.edit(
    many.map(({ values: { name } }) => ({
      action: 'update' as const,
      type: 'Person',
      resource: `name:${name}`,
      values: { password: other },
    })),
  )
  expect(held.report.state).toBe('held')
  for (const text of [clear, other]) expect(await whereIs(harness, text)).toEqual([])
})

test('a run that changed one is taken back but for that, and says so', async () => {
  await using harness = await projectOf({ configuration: model, files: {} })
  const { project } = harness
  await project.edit([
    { action: 'create', type: 'Person', values: { name: 'Ada', grade: 1, password: clear } },
  ])
  const { report } = await project.edit([
    { action: 'update', type: 'Person', resource: 'name:Ada', values: { grade: 2, password: other } },
  ])
  const run = report.run ?? 0
  await expect(project.revert(run)).rejects.toMatchObject({
    code: 'SLUICE-REVERT-02',
    details: { conflicts: [{ property: 'password', reason: 'secret' }] },
  })
  const stored = await hiddenOf(harness, 'Ada')
  await project.revert(run, { skipConflicts: true })
  expect(await valuesOf(project, 'Person')).toEqual([{ name: 'Ada', grade: 1 }])
  expect(await hiddenOf(harness, 'Ada')).toBe(stored)
})

test('what was a text and becomes a secret leaves nothing behind', async () => {
  const files = { 'people.csv': `name,grade,pw\nAda,1,${clear}\n` }
  const text = alone.replace('password: secret', 'password: string')
  await using harness = await projectOf({ configuration: text, files })
  await harness.project.sync('hr')
  await harness.write({ 'people.csv': `name,grade,pw\nAda,1,${other}\n` })
  await harness.project.sync('hr', { mode: 'complete', force: true })
  await harness.reconfigure(() => alone, true)
  await harness.project.sync('hr', { force: true })
  expect(await hiddenOf(harness, 'Ada')).toMatch(hidden)
  for (const secret of [clear, other]) expect(await whereIs(harness, secret)).toEqual([])
})
