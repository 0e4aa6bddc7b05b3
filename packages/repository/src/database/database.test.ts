import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sumOfFile } from '@sluice/files'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'

async function csvFile(content: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-csv-'))
  const path = join(folder, "it's a file.csv")
  await writeFile(path, content)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

describeEachDatabase('the database port', (open) => {
  test('reads every type of value as the port promises', async () => {
    await using database = await open()
    const { rows } = await database.session((session) =>
      session.query(`select 9007199254740993::bigint as big, 1.10::numeric as decimal, 7 as int, true as yes,
        date '2024-02-29' as day, timestamptz '2024-05-06 07:08:09.123456+02' as instant,
        timestamp '2024-05-06 07:08:09' as local, '{"a":[1,null]}'::jsonb as json, '\\x00ff'::bytea as bytes,
        array[1,2]::bigint[] as bigs, array['a"b','c\\d',null,'NULL'] as texts, array['\\x01'::bytea] as chunks,
        null::date as nothing, '6f1c4b0e-0000-4000-8000-000000000001'::uuid as id, 1.5::float8 as float`),
    )
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        decimal: '1.10',
        int: 7,
        yes: true,
        day: '2024-02-29',
        instant: '2024-05-06T05:08:09.123456Z',
        local: '2024-05-06T07:08:09',
        json: { a: [1, null] },
        bytes: Buffer.from([0, 255]),
        bigs: ['1', '2'],
        texts: ['a"b', 'c\\d', null, 'NULL'],
        chunks: [Buffer.from([1])],
        nothing: null,
        id: '6f1c4b0e-0000-4000-8000-000000000001',
        float: 1.5,
      },
    ])
    expect(Buffer.isBuffer(rows[0]?.['bytes'])).toBe(true)
  })

  test('takes every type of parameter', async () => {
    await using database = await open()
    const { rows } = await database.session((session) =>
      session.query(
        `select $1::bigint as big, $2::boolean as yes, $3::jsonb as json, $4::bytea as bytes, $5::text[] as texts,
                $6::timestamptz as instant, $7::text as nothing, $8::int as int, $9::jsonb as list`,
        [
          '9007199254740993',
          false,
          { a: 'ü"\\' },
          Buffer.from([0, 1]),
          ['a"b', 'c\\d', null, '', 'NULL', 'x,y'],
          new Date(0),
          undefined,
          -3,
          JSON.stringify([1]),
        ],
      ),
    )
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        yes: false,
        json: { a: 'ü"\\' },
        bytes: Buffer.from([0, 1]),
        texts: ['a"b', 'c\\d', null, '', 'NULL', 'x,y'],
        instant: '1970-01-01T00:00:00Z',
        nothing: null,
        int: -3,
        list: [1],
      },
    ])
  })

  test('counts the rows a statement returned or changed', async () => {
    await using database = await open()
    const counts = await database.session(async (session) => {
      const made = await session.query('create table numbers as select generate_series(1, 5) as n')
      const read = await session.query('select * from numbers')
      const changed = await session.query('update numbers set n = 0 where n > $1', [3])
      const removed = await session.query('delete from numbers where n = 0 returning n')
      return [made, read, changed, removed].map(({ count }) => count)
    })
    expect(counts).toEqual([5, 5, 2, 2])
  })

  test('keeps what a transaction did when its work ends, and nothing of it when the work throws', async () => {
    await using database = await open()
    await database.session((session) => session.execute('create table t (n int); insert into t values (1)'))
    const failing = database.transaction(async (session) => {
      await session.execute('insert into t values (2)')
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    await database.transaction((session) => session.execute('insert into t values (3)'))
    const { rows } = await database.session((session) => session.query('select n from t order by n'))
    expect(rows).toEqual([{ n: 1 }, { n: 3 }])
  })

  test.each([
    ['a line', '1,2\n', 'y'.repeat(3 << 20)],
    ['a field of many lines', '1,"x\n2"\n', `"${'\n'.repeat(3 << 20)}`],
  ])('breaks off at %s that is longer than it may be, says where, and goes on', async (_, rows, long) => {
    await using database = await open()
    await using file = await csvFile(`a,b\n${rows}8,${long}`)
    await using short = await csvFile(`a,b\n${rows}`)
    const load = (path: string, longestRecord: number) =>
      database.transaction(async (session) => {
        await session.execute('create temporary table t (a text, b text) on commit drop')
        return await session.copyFrom('t', path, 'format csv, header true', { longestRecord })
      })
    await expect(load(file.path, 1 << 20)).rejects.toMatchObject({ line: 1 + rows.split('\n').length })
    expect(await load(short.path, 1 << 20)).toMatchObject({ rows: 1 })
  })

  test('loads a CSV file, whatever its name, and reports how far it is', async () => {
    await using database = await open()
    await using file = await csvFile(`a,b\n1,"x\ny"\n2,\n3,""\n${'4,more\n'.repeat(200_000)}`)
    const reported: number[] = []
    const loaded = await database.transaction(async (session) => {
      await session.execute('create unlogged table t (a text, b text)')
      return await session.copyFrom('t (a, b)', file.path, 'format csv, header true', {
        onBytes: (bytes) => reported.push(bytes),
      })
    })
    const { rows } = await database.session((session) =>
      session.query('select a, b from t order by a, b limit 3'),
    )
    expect(loaded).toEqual({ rows: 200_003, sha256: await sumOfFile(file.path) })
    expect(rows).toEqual([
      { a: '1', b: 'x\ny' },
      { a: '2', b: null },
      { a: '3', b: '' },
    ])
    expect(reported.at(-1)).toBe(1_400_020)
    expect(reported).toEqual([...reported].sort((a, b) => a - b))
  })

  test('loads lines that older servers take for the end of the data, and what stands beside them', async () => {
    await using database = await open()
    const texts = ['\\.', 'x\n\\.\ny', 'a\tb\\n\r', 'say "\\."', '\\N', 'é,ö']
    const rows = texts.map((text) => `"${text.replaceAll('"', '""')}",\n`).join('')
    await using two = await csvFile(`a,b\n${rows}`)
    await using one = await csvFile('a\n1\n\\.\n\\.\n2\n')
    const read = await database.transaction(async (session) => {
      await session.execute(
        'create temporary table two (a text, b text); create temporary table one (a text)',
      )
      expect(await session.copyFrom('two (a, b)', two.path, 'format csv, header true')).toMatchObject({
        rows: texts.length,
      })
      expect(await session.copyFrom('one (a)', one.path, 'format csv, header true')).toMatchObject({
        rows: 4,
      })
      const { rows: found } = await session.query<{ a: string; b: string | null }>('select a, b from two')
      const { rows: alone } = await session.query<{ a: string }>('select a from one')
      return { found, alone: alone.map(({ a }) => a) }
    })
    expect(read.found).toEqual(texts.map((a) => ({ a, b: null })))
    expect(read.alone).toEqual(['1', '\\.', '\\.', '2'])
  })

  test('loads no link and no folder in the place of a file', async () => {
    await using database = await open()
    await using file = await csvFile('1\n')
    await symlink(file.path, `${file.path}.link`)
    await database.session((session) => session.execute('create table t (a text)'))
    for (const path of [`${file.path}.link`, dirname(file.path)]) {
      const copied = database.transaction((session) => session.copyFrom('t', path, 'format csv'))
      await expect(copied).rejects.toThrow(`${path} is not a file`)
    }
  })

  test('says where a file could not be loaded, and goes on working', async () => {
    await using database = await open()
    await using file = await csvFile('1\n2,3\n')
    await database.session((session) => session.execute('create table t (a text)'))
    const bad = database.transaction((session) => session.copyFrom('t', file.path, 'format csv'))
    await expect(bad).rejects.toMatchObject({ code: '22P04', where: expect.stringContaining('line 2') })
    const missing = database.transaction((session) =>
      session.copyFrom('t', `${file.path}.gone`, 'format csv'),
    )
    await expect(missing).rejects.toThrow(/no such file|No such file/)
    const { rows } = await database.session((session) => session.query('select count(*) as n from t'))
    expect(rows).toEqual([{ n: '0' }])
  })

  test('says that a row is too long for it, and not that its disk is full', async () => {
    await using database = await open()
    const columns = Array.from({ length: 600 }, (_, index) => `c${index} text`).join(', ')
    const values = Array.from({ length: 600 }, () => `'${'x'.repeat(19)}'`).join(', ')
    await database.session((session) => session.execute(`create table t (${columns})`))
    const long = database.session((session) => session.query(`insert into t values (${values})`))
    await expect(long).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-21',
      retry: false,
      message: expect.stringContaining('row is too big'),
    })
  })

  test('hands on what the server says about a failed statement', async () => {
    await using database = await open()
    await database.session((session) =>
      session.execute('create table t (n int constraint only_one primary key)'),
    )
    const twice = database.session((session) =>
      session.query('insert into t select 1 from generate_series(1, 2)'),
    )
    await expect(twice).rejects.toMatchObject({
      name: 'RefusedByDatabaseError',
      code: 'SLUICE-REPOSITORY-31',
      failure: { code: '23505', constraint: 'only_one', detail: expect.stringContaining('(n)=(1)') },
    })
  })

  test('refuses a session inside a session instead of waiting for ever', async () => {
    await using database = await open()
    const nested = database.transaction(() => database.session((session) => session.query('select 1')))
    await expect(nested).rejects.toThrow('inside another session')
    expect((await database.session((session) => session.query('select 1 as one'))).rows).toEqual([{ one: 1 }])
  })

  test('runs sessions that were asked for at once, each with its own statements', async () => {
    await using database = await open()
    const sums = await Promise.all(
      [1, 2, 3].map((n) =>
        database.transaction(async (session) => {
          await session.execute(`create temporary table own on commit drop as select ${n} as n`)
          await sleep(5)
          return (await session.query('select n from own')).rows
        }),
      ),
    )
    expect(sums).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
  })

  test('lets one at a time hold a lock, and gives it to the next when the work is done', async () => {
    await using database = await open()
    const meanwhile = await database.exclusively('source hr', async () => ({
      same: await database.exclusively('source hr', async () => 'entered'),
      other: await database.exclusively('source ad', async () => 'entered'),
      working: (await database.session((session) => session.query('select 1 as one'))).count,
    }))
    expect(meanwhile).toEqual({ result: { same: undefined, other: { result: 'entered' }, working: 1 } })
    await expect(
      database.exclusively('source hr', () => Promise.reject(new Error('failed'))),
    ).rejects.toThrow('failed')
    expect(await database.exclusively('source hr', async () => 'again')).toEqual({ result: 'again' })
  })

  test('keeps the search path on its own schema', async () => {
    await using database = await open()
    const { rows } = await database.session((session) => session.query('select current_schema() as schema'))
    expect(rows).toEqual([{ schema: database.schema }])
    await database.checkpoint()
  })
})
