/**
 * Sessions against what clusters, databases and roles bring as defaults of their own.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { type DatabaseKind, databases } from '../../../../test/databases.ts'
import { openDatabase } from './open-database.ts'

const servers = databases.filter((kind): kind is Exclude<DatabaseKind, 'pglite'> => kind !== 'pglite')

/** Everything of a role that would change what a statement means, or end it early. */
const hostile = `
  default_transaction_isolation = 'repeatable read'; default_transaction_read_only = on;
  default_transaction_deferrable = on; statement_timeout = '300ms'; lock_timeout = '100ms';
  idle_in_transaction_session_timeout = '100ms'; idle_session_timeout = '100ms'; transaction_timeout = '200ms';
  client_encoding = 'LATIN1'; datestyle = 'SQL, DMY'; intervalstyle = 'sql_standard'; timezone = 'Asia/Kathmandu';
  bytea_output = 'escape'; extra_float_digits = '-10'; array_nulls = off; standard_conforming_strings = off;
  transform_null_equals = on; row_security = on; synchronous_commit = off; client_min_messages = 'debug1';
  search_path = 'pg_temp, nowhere'`

interface Role extends AsyncDisposable {
  readonly url: string
}

/** A role of its own with settings, in a database of its own. */
async function role(
  server: string,
  of: { readonly settings?: string; readonly database?: string },
): Promise<Role> {
  const name = `session_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query(`create role ${name} login password 'session'`)
  await admin.query(`create database ${name} owner ${name} template template0 ${of.database ?? ''}`)
  const { rows } = await admin.query<{ name: string }>('select name from pg_settings')
  const known = new Set(rows.map((row) => row.name.toLowerCase()))
  for (const setting of (of.settings ?? '').split(';').map((text) => text.trim())) {
    const [key = ''] = setting.split(' ')
    if (known.has(key)) await admin.query(`alter role ${name} set ${setting}`)
  }
  const url = new URL(server)
  Object.assign(url, { username: name, password: 'session', pathname: `/${name}` })
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await admin.query(`drop database ${name} with (force)`)
      await admin.query(`drop role ${name}`)
      await admin.end()
    },
  }
}

describe.each(servers)('a session on %s', (kind) => {
  const server = inject('servers')[kind.slice('postgres-'.length)] ?? ''

  test('means the same whatever the role has set', async () => {
    const found: unknown[] = []
    for (const settings of ['', hostile]) {
      await using guest = await role(server, { settings })
      await using database = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
      found.push(
        await database.transaction(async (session) => {
          const { rows } = await session.query(
            `select current_setting('transaction_isolation') as isolation, current_setting('search_path') as path,
               current_setting('transaction_read_only') as read_only, date '2024-03-01' as day, interval '90 min' as span,
               timestamptz '2024-03-01 12:00Z' as instant, '\\x00ff'::bytea as bytes, 0.1::float8 + 0.2 as sum,
               '{null}'::text[] as nulls, 'a\\b' as backslash, (null = null) is null as unknown, 'Zoë' as name,
               current_setting('synchronous_commit') as durable, current_setting('row_security') as rls`,
          )
          const names = hostile.split(';').map((text) => text.trim().split(' ')[0])
          const settings = await session.query(
            'select name, setting from pg_settings where lower(name) = any($1) order by name',
            [names],
          )
          return [...rows, ...settings.rows.filter(({ name }) => name !== 'search_path')]
        }),
      )
    }
    expect(found[1]).toEqual(found[0])
    expect(found[0]).toContainEqual({ name: 'idle_session_timeout', setting: '0' })
    expect(found[0]).toContainEqual(
      expect.objectContaining({
        isolation: 'read committed',
        path: '"s"',
        read_only: 'off',
        day: '2024-03-01',
        durable: 'on',
        rls: 'off',
      }),
    )
  })

  test('sees in a transaction that has waited what others have committed meanwhile', async () => {
    await using guest = await role(server, { settings: hostile })
    await using one = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
    await using other = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
    await one.session((session) => session.execute('create schema s; create table s.seen (n int)'))
    const counted = await one.transaction(async (session) => {
      await session.query('select 1')
      await other.transaction((writer) => writer.query('insert into seen values (1)'))
      return (await session.query('select count(*)::int as n from seen')).rows
    })
    expect(counted).toEqual([{ n: 1 }])
  })

  test('begins each transaction at its level, whatever was made the default meanwhile', async () => {
    await using guest = await role(server, {})
    await using database = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
    await database.session((session) =>
      session.execute(`set default_transaction_isolation to 'serializable'`),
    )
    const level = `select current_setting('transaction_isolation') as level`
    const found = [
      await database.session((session) => session.query(level)),
      await database.transaction((session) => session.query(level)),
    ]
    expect(found.map(({ rows }) => rows)).toEqual([
      [{ level: 'serializable' }],
      [{ level: 'read committed' }],
    ])
  })

  test('and a lock outlive every time limit of the role', async () => {
    await using guest = await role(server, { settings: hostile })
    await using database = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
    const done = database.exclusively('source hr', () =>
      database.transaction(async (session) => {
        await session.query('select pg_sleep(0.4)')
        await new Promise((resolve) => setTimeout(resolve, 300))
        return true
      }),
    )
    expect(await done).toEqual({ result: true })
  })

  test('is refused in a database that is not UTF-8, with what to do', async () => {
    await using guest = await role(server, { database: `encoding 'LATIN1' locale 'C'` })
    await expect(openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-17',
      message: expect.stringContaining('is encoded as LATIN1; Sluice needs UTF8'),
      remedy: expect.stringContaining("encoding 'UTF8'"),
    })
  })

  test('is told to be read only where nothing can be written', async () => {
    await using guest = await role(server, {})
    await using database = await openDatabase({ kind: 'postgres', url: guest.url, schema: 's' })
    const written = database.transaction(async (session) => {
      await session.execute('set transaction read only')
      await session.execute('create schema s')
    })
    await expect(written).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-15', retry: true })
  })
})
