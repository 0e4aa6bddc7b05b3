/**
 * Connections through a real PgBouncer.
 */
import { randomUUID } from 'node:crypto'
import type { RepositoryLocation } from '@sluice/model'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { hasPgBouncer, startPgBouncer } from '../../../../test/pgbouncer.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { preparing } from './preparing.ts'

const server = inject('servers')['18'] ?? ''
const at = (url: string, schema = 'public'): RepositoryLocation => ({ kind: 'postgres', url, schema })

describe.skipIf(!hasPgBouncer)('a PgBouncer', () => {
  test.each([
    ['transaction', 'default_pool_size = 1'],
    ['transaction', 'default_pool_size = 20'],
    ['transaction', 'default_pool_size = 20\nserver_round_robin = 1\nmin_pool_size = 5'],
    ['statement', 'default_pool_size = 20'],
  ])('that lends sessions (pool_mode = %s, %s) is refused, with what to set', async (mode, settings) => {
    await using pooler = await startPgBouncer(server, [`pool_mode = ${mode}`, settings])
    // Others use it, too, so that it has several sessions to lend.
    const others = await Promise.all([1, 2, 3].map(() => connected(pooler.url)))
    if (mode === 'transaction') await Promise.all(others.map((client) => client.query('select 1')))
    const error: unknown = await openDatabase(at(pooler.url)).catch((refusal: unknown) => refusal)
    await Promise.all(others.map((client) => client.end()))
    expect(error).toMatchObject({
      code: 'SLUICE-REPOSITORY-18',
      retry: true,
      remedy: expect.stringContaining('pool_mode = session'),
    })
  })

  test('that keeps a session for each client is used as the server itself, with locks and settings', async () => {
    await using pooler = await startPgBouncer(server, ['pool_mode = session', 'default_pool_size = 20'])
    const schema = `pooled_${randomUUID().replaceAll('-', '')}`
    await using here = await openDatabase(at(pooler.url, schema))
    await using there = await openDatabase(at(pooler.url, schema))
    await here.session((session) => session.execute(`create schema ${schema}; create table people (n int)`))
    const held = await here.exclusively('source hr', async () => {
      await here.transaction((session) => session.query('insert into people values (1)'))
      return [
        await there.exclusively('source hr', async () => true),
        await there.isLocked('source hr'),
        (await there.session((session) => session.query('select n from people'))).rows,
      ]
    })
    expect(held).toEqual({ result: [undefined, true, [{ n: 1 }]] })
    expect(await there.exclusively('source hr', async () => 'free')).toEqual({ result: 'free' })
    await here.session((session) => session.execute(`drop schema ${schema} cascade`))
  })

  test('is left no prepared statement, which the next client might find or miss', async () => {
    await using pooler = await startPgBouncer(server, ['pool_mode = session', 'default_pool_size = 20'])
    await using here = await openDatabase(at(pooler.url))
    const asked = 'select count(*)::int as kept from pg_prepared_statements'
    expect(await here.session((session) => preparing(session).query(asked))).toMatchObject({
      rows: [{ kept: 0 }],
    })
  })

  test('that keeps sessions and does not reset them is refused: a lock would outlive its client', async () => {
    await using pooler = await startPgBouncer(server, ['pool_mode = session', 'server_reset_query ='])
    await closed(await openDatabase(at(pooler.url)))
    await expect(openDatabase(at(pooler.url))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-18',
      remedy: expect.stringContaining('server_reset_query = DISCARD ALL'),
    })
  })

  test('that has no session left is told as no connection, and not waited for', async () => {
    await using pooler = await startPgBouncer(server, [
      'pool_mode = session',
      'default_pool_size = 1',
      'query_wait_timeout = 1',
    ])
    await expect(openDatabase(at(pooler.url))).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-01' })
  })

  test('that begins to lend sessions under a repository is noticed before anything is written', async () => {
    await using pooler = await startPgBouncer(server, ['pool_mode = session', 'default_pool_size = 20'])
    await using database = await openDatabase(at(pooler.url))
    const stolen = database.transaction(async (session) => {
      // What another client leaves in a session that is lent to both.
      await session.execute(`set sluice.session = 'another'`)
    })
    await stolen
    await expect(database.transaction((session) => session.query('select 1'))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-18',
    })
    // With a new connection it is tried again.
    expect((await database.session((session) => session.query('select 1 as one'))).rows).toEqual([{ one: 1 }])
  })
})

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function closed(database: Database): Promise<void> {
  await database[Symbol.asyncDispose]()
}
