import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { type DatabaseKind, databases, testLocation } from '../../../../test/databases.ts'
import { openDatabase } from './open-database.ts'
import { preparing } from './preparing.ts'

const servers = databases.filter((kind): kind is Exclude<DatabaseKind, 'pglite'> => kind !== 'pglite')

describe.each(servers)('the connection to %s', (kind) => {
  const url = new URL(inject('servers')[kind.slice('postgres-'.length)] ?? '')

  async function end(pid: number): Promise<void> {
    const client = new pg.Client(url.href)
    await client.connect()
    await client.query('select pg_terminate_backend($1)', [pid])
    await client.end()
  }

  test('names host, port and database when nobody answers, never the password', async () => {
    const closed = new URL(url)
    closed.port = '1'
    closed.password = 'very-secret'
    const error: unknown = await openDatabase({ kind: 'postgres', url: closed.href, schema: 's' }).catch(
      (e) => e,
    )
    expect(error).toMatchObject({
      code: 'SLUICE-REPOSITORY-01',
      message: expect.stringMatching(
        /^Cannot connect to the repository .+127\.0\.0\.1:1\/postgres: .*ECONNREFUSED/,
      ),
    })
    expect(JSON.stringify(error) + String(error)).not.toContain('very-secret')
  })

  test('says that the database does not exist', async () => {
    const missing = new URL(url)
    missing.pathname = '/no_such_database'
    await expect(openDatabase({ kind: 'postgres', url: missing.href, schema: 's' })).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-01',
      message: expect.stringContaining('database "no_such_database" does not exist'),
    })
  })

  test('is told from a file that cannot be read when it breaks in the middle of a copy', async () => {
    await using place = await testLocation(kind)
    await using database = await openDatabase(place.location)
    const folder = await mkdtemp(join(tmpdir(), 'sluice-copy-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'many.csv')
    await writeFile(path, 'a line of the file\n'.repeat(2_000_000))
    const copied = database.transaction(async (session) => {
      await session.execute('create temporary table t (a text)')
      const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
      let ending: Promise<unknown> | undefined
      await session.copyFrom('t', path, 'format csv', {
        onBytes: () => {
          ending ??= end(rows[0]?.pid ?? 0)
        },
      })
      await ending
    })
    await expect(copied).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-02' })
  })

  test('prepares once what comes again, and executes it also when the table has become another', async () => {
    await using place = await testLocation(kind)
    await using database = await openDatabase(place.location)
    await database.session(async (session) => {
      await session.execute('create temporary table person (id int, name text)')
      const again = preparing(session)
      const insert = 'insert into person (id, name) select $1::numeric, $2::text'
      for (let id = 1; id <= 8; id += 1) await again.query(insert, [id, 'Ada'])
      await session.execute('alter table person alter id type bigint; create index on person (name)')
      await again.query(insert, ['9000000000', 'Bo'])
      const { rows } = await session.query(
        'select statement, calls from (select count(*)::int as calls from person) c, pg_prepared_statements',
      )
      expect(rows).toEqual([{ statement: insert, calls: 9 }])
    })
  })

  test('is told from a failed statement when the server ends it, and the next session has a new one', async () => {
    await using place = await testLocation(kind)
    await using database = await openDatabase(place.location)
    const ended = database.transaction((session) =>
      session.query('select pg_terminate_backend(pg_backend_pid())'),
    )
    await expect(ended).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-02' })
    expect((await database.session((session) => session.query('select 1 as one'))).rows).toEqual([{ one: 1 }])
  })

  test('stops work under a lock whose connection is gone, before it commits', async () => {
    const named = new URL(url)
    const name = `sluice-lock-test-${randomUUID()}`
    named.searchParams.set('application_name', name)
    await using database = await openDatabase({ kind: 'postgres', url: named.href, schema: 'public' })
    const work = database.exclusively('source hr', () =>
      database.transaction(async (session) => {
        await session.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = $1 and pid <> pg_backend_pid() and query like '%pg_try_advisory_lock%'`,
          [name],
        )
        // The news takes a moment to arrive.
        await session.query('select pg_sleep(0.2)')
      }),
    )
    await expect(work).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-02' })
    expect(await database.exclusively('source hr', async () => 'free again')).toEqual({
      result: 'free again',
    })
  })

  test('knows whether the role may make temporary tables', async () => {
    await using place = await testLocation(kind)
    await using database = await openDatabase(place.location)
    const name = `strict_${randomUUID().replaceAll('-', '')}`
    const execute = (text: string) => database.session((session) => session.execute(text))
    await execute(`create database ${name}`)
    await execute(
      `revoke temporary on database ${name} from public; create role ${name} login password 'strict'`,
    )
    const strict = new URL(url)
    strict.pathname = `/${name}`
    const owner = await openDatabase({ kind: 'postgres', url: strict.href, schema: 's' })
    strict.username = name
    strict.password = 'strict'
    const guest = await openDatabase({ kind: 'postgres', url: strict.href, schema: 's' })
    const found = { owner: owner.temporaryTables, guest: guest.temporaryTables }
    await owner[Symbol.asyncDispose]()
    await guest[Symbol.asyncDispose]()
    await execute(`drop database ${name}`)
    await execute(`drop role ${name}`)
    expect(found).toEqual({ owner: true, guest: false })
  })

  test('says when all connections are in use, and gives the next one that is free', async () => {
    const impatient = new URL(url)
    impatient.searchParams.set('connect_timeout', '2')
    await using database = await openDatabase({ kind: 'postgres', url: impatient.href, schema: 'public' })
    const readers = database.apart(1)
    const free = Promise.withResolvers<void>()
    const holder = readers.session(() => free.promise)
    const refused = readers.session(async () => undefined)
    await expect(refused).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-33', status: 503, retry: true })
    await expect(refused).rejects.toThrow(/ became free in time; 1 are used at once at most\.$/)
    const patient = readers.session(async () => 'answered')
    free.resolve()
    await holder
    expect(await patient).toBe('answered')
  })

  test('keeps two processes from holding the same lock, and two repositories apart', async () => {
    await using place = await testLocation(kind)
    await using other = await testLocation(kind)
    await using here = await openDatabase(place.location)
    await using there = await openDatabase(place.location)
    await using elsewhere = await openDatabase(other.location)
    const held = await here.exclusively('source hr', async () => [
      await there.exclusively('source hr', async () => true),
      await elsewhere.exclusively('source hr', async () => true),
    ])
    expect(held).toEqual({ result: [undefined, { result: true }] })
  })

  test('shares a lock for as long as it is kept, also when its connection is lost', async () => {
    const named = new URL(url)
    const name = `sluice-share-test-${randomUUID()}`
    named.searchParams.set('application_name', name)
    await using here = await openDatabase({ kind: 'postgres', url: named.href, schema: 'public' })
    await using there = await openDatabase({ kind: 'postgres', url: url.href, schema: 'public' })
    const isFree = () => there.transaction((session) => there.tryExclusive(session, name))
    expect(await isFree()).toBe(true)
    const [one, other] = [await here.share(name), await there.share(name)]
    await other[Symbol.asyncDispose]()
    expect(await isFree()).toBe(false)
    await there.session((session) =>
      session.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and query like '%share-lock%'`,
        [name],
      ),
    )
    await expect.poll(isFree, { interval: 20 }).toBe(true)
    await expect.poll(isFree, { interval: 100, timeout: 10_000 }).toBe(false)
    await one[Symbol.asyncDispose]()
    expect(await isFree()).toBe(true)
  })
})
