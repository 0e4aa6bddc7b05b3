import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openDatabase } from './open-database.ts'

async function testFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const { location, [Symbol.asyncDispose]: dispose } = await testLocation('pglite')
  return { path: location.kind === 'folder' ? location.path : '', [Symbol.asyncDispose]: dispose }
}

test('keeps what was committed, and only that, when the process is killed', async () => {
  await using folder = await testFolder()
  const child = spawn(
    process.execPath,
    [new URL('../../test/write-and-wait.ts', import.meta.url).pathname, folder.path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await once(child.stdout, 'data')
  const opening = openDatabase({ kind: 'folder', path: folder.path })
  await expect(opening).rejects.toMatchObject({
    code: 'SLUICE-REPOSITORY-04',
    message: expect.stringContaining(`in use by process ${child.pid} (write-and-wait.ts`),
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await using database = await openDatabase({ kind: 'folder', path: folder.path })
  const { rows } = await database.session((session) => session.query('select n from t'))
  expect(rows).toEqual([{ n: 1 }])
})

test('holds one database, without those that others would be made of', async () => {
  await using folder = await testFolder()
  await using database = await openDatabase({ kind: 'folder', path: folder.path })
  const { rows } = await database.session((session) => session.query('select datname from pg_database'))
  expect(rows).toEqual([{ datname: 'postgres' }])
  expect(await readdir(join(folder.path, 'data', 'base'))).toHaveLength(1)
})

test('finds after reopening what was there before', async () => {
  await using folder = await testFolder()
  const location = { kind: 'folder', path: folder.path } as const
  const first = await openDatabase(location)
  await first.session((session) => session.execute('create table t as select 1 as n'))
  await first.checkpoint()
  await first[Symbol.asyncDispose]()
  await using second = await openDatabase(location)
  expect((await second.session((session) => session.query('select n from t'))).rows).toEqual([{ n: 1 }])
})

/** A process that takes a checkpoint after it has done `work` with `database`; what reached the disk with that. */
async function syncedByCheckpoint(folder: string, work: string): Promise<ReadonlySet<string>> {
  const record = join(folder, 'synced')
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)}
    import { writeFileSync } from 'node:fs'
    await using database = await openDatabase({ kind: 'folder', path: ${JSON.stringify(folder)} })
    const execute = (text) => database.session((session) => session.execute(text))
    ${work}
    writeFileSync(${JSON.stringify(record)}, '')
    await database.checkpoint()
    process.exit()`
  const recording = new URL('../../test/record-syncs.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${recording}`,
      RECORDED_SYNCS: record,
    },
  })
  expect(await once(child, 'exit')).toEqual([0, null])
  return new Set((await readFile(record, 'utf8')).split('\n').filter((line) => line !== ''))
}

/** By the path of each file its sum, and of each folder the names in it. */
async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) contents.set(path, (await readdir(path)).sort().join('\n'))
    else
      contents.set(
        path,
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      )
  }
  return contents
}

// What is synced is read from the files that a process has open, as Linux shows them.
test.runIf(process.platform === 'linux')(
  'has every file and folder on the disk, past a power cut, when a checkpoint is over',
  async () => {
    await using folder = await testFolder()
    const synced = await syncedByCheckpoint(folder.path, `await execute('create table t as select 1 as n')`)
    const data = join(folder.path, 'data')
    const stored = await readdir(data, { recursive: true, withFileTypes: true })
    const paths = stored.map((entry) => join(entry.parentPath, entry.name))
    expect(paths.length).toBeGreaterThan(600)
    expect([data, ...paths].filter((path) => !synced.has(path))).toEqual([])
  },
)

test.runIf(process.platform === 'linux')(
  'has on the disk what was changed since, and little else, when a further checkpoint is over',
  async () => {
    await using folder = await testFolder()
    const copy = join(folder.path, 'before')
    const data = join(folder.path, 'data')
    const synced = await syncedByCheckpoint(
      folder.path,
      `await execute('create table t as select 1 as n; create table gone as select 1 as n')
       await database.checkpoint()
       const { cpSync } = await import('node:fs')
       cpSync(${JSON.stringify(data)}, ${JSON.stringify(copy)}, { recursive: true })
       await execute('insert into t select generate_series(1, 20000); create index on t (n); drop table gone; truncate t')
       await execute("create table wide as select n, repeat(md5(n::text), 100) as text from generate_series(1, 2000) n")
       await execute("vacuum full wide")`,
    )
    const before = await contentsOf(copy)
    const after = await contentsOf(data)
    const changed = [...after].filter(([path, sum]) => before.get(path.replace(data, copy)) !== sum)
    expect(changed.length).toBeGreaterThan(5)
    expect(changed.map(([path]) => path).filter((path) => !synced.has(path))).toEqual([])
    expect(synced.size).toBeLessThan(after.size / 4)
  },
)

test('begins anew where the making of the database was cut short', async () => {
  await using folder = await testFolder()
  await rm(join(folder.path, 'data'), { recursive: true })
  await mkdir(join(folder.path, 'data.new'))
  await writeFile(join(folder.path, 'data.new', 'PG_VERSION'), '18\n')
  await using database = await openDatabase({ kind: 'folder', path: folder.path })
  expect((await database.session((session) => session.query('select 1 as one'))).count).toBe(1)
  expect(await readdir(folder.path)).toEqual(expect.not.arrayContaining(['data.new']))
})

test('leaves a database of another version alone', async () => {
  await using folder = await testFolder()
  await writeFile(join(folder.path, 'data', 'PG_VERSION'), '17\n')
  await expect(openDatabase({ kind: 'folder', path: folder.path })).rejects.toMatchObject({
    code: 'SLUICE-REPOSITORY-05',
    message: expect.stringContaining('its database is of version 17, this Sluice reads version 18'),
  })
  expect(await readdir(folder.path)).toEqual(['data'])
})

test('says that a file is no folder', async () => {
  await using folder = await testFolder()
  const path = join(folder.path, 'data', 'PG_VERSION')
  await expect(openDatabase({ kind: 'folder', path })).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-05' })
})

test('does not keep a process alive that forgot to close it', async () => {
  await using folder = await testFolder()
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('./open-database.ts', import.meta.url).href)}
    const database = await openDatabase({ kind: 'folder', path: ${JSON.stringify(folder.path)} })
    await database.session((session) => session.query('select 1'))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
  const [status] = await once(child, 'exit')
  expect(status).toBe(0)
})
