import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasDebianPostgres, startDebianPostgres } from '../../../../test/debian-postgres.ts'
import { type RecordOptions, record, surroundings } from '../../test/recorded-export.ts'
import { postgresql } from './connector.ts'

// A server of its own, because what changes is kept by the whole of it.
describe.runIf(hasDebianPostgres)('changes by logical replication (needs postgresql-15)', () => {
  const secrets = { PASSWORD: 'reads' }
  let folder = ''
  let server: Awaited<ReturnType<typeof startDebianPostgres>>
  let admin: pg.Client
  let options: Record<string, unknown> = {}

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-replication-'))
    await chmod(folder, 0o755)
    server = await startDebianPostgres(join(folder, 'data'), {
      settings: ['fsync=off', 'wal_level=logical', 'max_slot_wal_keep_size=64MB'],
    })
    admin = new pg.Client(server.url)
    await admin.connect()
    await admin.query(`create role reader login replication password 'reads'`)
    const url = new URL(server.url)
    url.username = 'reader'
    url.password = ''
    options = { url: url.href, password: { environment: 'PASSWORD' }, replication: { publication: 'shop' } }
  })

  afterAll(async () => {
    await admin?.end()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function connected() {
    const client = new pg.Client(server.url)
    await client.connect()
    return { client, [Symbol.asyncDispose]: () => client.end() }
  }

  async function waitForStandbys(setting: string) {
    await admin.query(`alter system ${setting}`)
    await admin.query('select pg_reload_conf()')
  }
  const waitForNoStandby = () => waitForStandbys('reset synchronous_standby_names')
  // Else whatever is committed later waits for ever, if a test has failed before.
  afterEach(waitForNoStandby)

  /** The server takes a setting in its own time: what is committed before that does not wait, and the next one is tried. */
  async function waitingCommit(client: pg.Client) {
    for (let id = 77; ; id += 1) {
      let isOver = false
      const commit = client.query(`insert into people values (${id}, 'Waiting', null)`).then(() => {
        isOver = true
      })
      while (!isOver) {
        const { rowCount } = await admin.query(`select from pg_stat_activity where wait_event = 'SyncRep'`)
        if (rowCount === 1) return { id, commit }
        await sleep(20)
      }
    }
  }

  const slots = () => admin.query<{ slot_name: string }>('select slot_name from pg_replication_slots')

  beforeEach(async () => {
    for (const { slot_name } of (await slots()).rows)
      await admin.query('select pg_drop_replication_slot($1)', [slot_name])
    await admin.query(`drop publication if exists shop; drop schema public cascade; create schema public; grant usage on schema public to reader;
      create table people (id integer primary key, name text, hired timestamptz);
      create table members (team text, person integer, primary key (team, person));
      insert into people select n, 'Person ' || n, '2026-01-01' from generate_series(1, 5) n;
      insert into members values ('a', 1), ('a', 2), ('b', 1);
      create publication shop for table people, members; grant select on all tables in schema public to reader`)
  })

  const columns = { 'people.csv': ['id', 'name', 'hired'], 'members.csv': ['team', 'person'] }

  /** Rows without their headers. */
  async function exported(more: RecordOptions = {}, parts: Record<string, unknown> = {}) {
    const all = { ...options, tables: { people: {}, members: {} }, ...parts }
    const { tables, ...rest } = await record(postgresql, all, columns, { secrets, ...more })
    const rows = Object.entries(tables).map(([file, [_, ...own]]) => [file, own] as const)
    return { ...rest, tables: Object.fromEntries(rows) }
  }

  const since = (before: { readonly cookies: ReadonlyMap<string, string> }) =>
    exported({ mode: 'incremental', cookies: before.cookies })

  test('are the rows that were touched, as they are now, and those that are gone', async () => {
    const first = await exported()
    expect(first.tables['people.csv']).toHaveLength(5)
    await admin.query(`update people set name = 'Ann' where id = 2; update people set name = 'Anna' where id = 2;
      insert into people values (6, 'New', null), (7, 'Gone at once', null); delete from people where id in (1, 7);
      update people set id = 50 where id = 5; delete from members where team = 'b'; insert into members values ('c', 3)`)
    const { tables, statement } = await since(first)
    expect(statement).toMatchObject({ complete: true })
    expect(new Set(tables['people.csv']?.map(String))).toEqual(
      new Set([
        'merge,2,Anna,2026-01-01T00:00:00Z',
        'merge,6,New,',
        'delete,7,,',
        'delete,1,,',
        'delete,5,,',
        'merge,50,Person 5,2026-01-01T00:00:00Z',
      ]),
    )
    expect(new Set(tables['members.csv']?.map(String))).toEqual(new Set(['delete,b,1', 'merge,c,3']))
  })

  test('are read again until what came with them is on its way, and the server keeps them no longer', async () => {
    const first = await exported()
    await admin.query(`update people set name = 'Ann' where id = 2`)
    const second = await since(first)
    expect((await since(first)).tables['people.csv']).toEqual(second.tables['people.csv'])
    const third = await since(second)
    expect(third.tables).toEqual({ 'people.csv': [], 'members.csv': [] })
    // What was applied is taken from the slot, so the cookie before leads nowhere.
    const again = await since(first)
    expect(again.tables['people.csv']).toHaveLength(5)
    expect(again.tables['people.csv']?.[0]).toHaveLength(3)
  })

  test.each([
    ['a table was emptied', 'truncate people'],
    ['the slot is gone', `select pg_drop_replication_slot('sluice_hr')`],
    [
      'rows are known by nothing',
      'alter table people drop constraint people_pkey; alter table people replica identity full; update people set name = null',
    ],
  ])('cannot be told where %s, so everything is read', async (_, text) => {
    const first = await exported()
    await admin.query(text)
    const { tables } = await since(first)
    const header = columns['people.csv'].length
    for (const row of tables['people.csv'] ?? []) expect(row).toHaveLength(header)
    const { rows } = await admin.query('select count(*)::int as count from people')
    expect(tables['people.csv']).toHaveLength(rows[0].count)
    // From there on they are told again.
    await admin.query(`insert into people values (99, 'Late', null)`)
  })

  test('are told with all values of a row that is gone, where its table tells them', async () => {
    await admin.query('alter table people replica identity full')
    const first = await exported()
    await admin.query('delete from people where id = 3')
    const { tables } = await since(first)
    expect(tables['people.csv']).toEqual([['delete', '3', 'Person 3', '2026-01-01T00:00:00Z']])
  })

  test('of a transaction that is at work while others are read are seen when it is over', async () => {
    await using connection = await connected()
    const other = connection.client
    const first = await exported()
    await other.query(`begin; insert into people values (9, 'Slower', null)`)
    const second = await since(first)
    expect(second.tables['people.csv']).toEqual([])
    await other.query('commit')
    const third = await since(second)
    expect(third.tables['people.csv']).toEqual([['merge', '9', 'Slower', undefined]])
  })

  test('of a commit that waits for a standby, written and not yet seen, are not lost', async () => {
    await exported()
    await using other = await connected()
    await waitForStandbys(`set synchronous_standby_names = 'nobody'`)
    const { id, commit } = await waitingCommit(other.client)
    const exporting = exported()
    await sleep(500)
    await waitForNoStandby()
    await commit
    const all = await exporting
    const { tables } = await since(all)
    const seen = [...(all.tables['people.csv'] ?? []), ...(tables['people.csv'] ?? [])]
    expect(seen.map(String)).toContainEqual(expect.stringContaining(`${id},Waiting`))
  })

  test('of queries are compared, because nothing is told of them', async () => {
    const parts = { tables: { people: {}, members: { query: 'select team, person from members' } } }
    const first = await exported({}, parts)
    const { tables } = await exported({ mode: 'incremental', cookies: first.cookies }, parts)
    expect(tables['people.csv']).toEqual([])
    expect(tables['members.csv']).toHaveLength(3)
  })

  test('of a table that is not published are refused, and checked before', async () => {
    await admin.query('alter publication shop drop table members')
    await expect(exported()).rejects.toThrow('The publication does not have public.members.')
    const { facts, warnings } = await postgresql
      .with({ ...options, tables: { people: {}, members: {} } })
      .check(surroundings({ secrets }))
    expect(facts['slot']).toBe('sluice_hr (made by the first export)')
    expect(warnings).toEqual([
      'public.members is not in the publication: alter publication shop add table public.members.',
    ])
  })

  test('and a column of changes are not asked for together', () => {
    expect(() => postgresql.with({ ...options, tables: { people: { changed: 'hired' } } })).toThrow(
      /tells the changes of all tables/,
    )
  })
})
