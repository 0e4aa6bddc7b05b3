import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeEachDatabase, testLocation } from '../../../../test/databases.ts'
import { openDatabase } from '../database/open-database.ts'
import { identifier } from '../sql/quote.ts'
import { migrate, readMigrations } from './migrate.ts'

test('no released migration was changed', () => {
  const released = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(new URL('released.json', import.meta.url), 'utf8')))
  const present = new Map(
    readMigrations().map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex')]),
  )
  for (const [name, sum] of Object.entries(released)) expect(present.get(name), name).toBe(sum)
})

test('versions count from one without a gap', () => {
  const versions = readMigrations().map(({ version }) => version)
  expect(versions).toEqual(versions.map((_, index) => index + 1))
})

describeEachDatabase('migrate', (open, kind) => {
  const one = {
    version: 1,
    name: '0001-one.sql',
    sql: 'create table one (n int); insert into one values (1);',
  }
  const two = { version: 2, name: '0002-two.sql', sql: 'insert into one values (2);' }

  test('makes the schema and runs each migration once, in order', async () => {
    await using place = await testLocation(kind)
    await using database = await openDatabase(place.location)
    // A folder that tests are given was migrated.
    await database.session((session) =>
      session.execute(`drop schema if exists ${identifier(database.schema)} cascade`),
    )
    await migrate(database, [one])
    await migrate(database, [one, two])
    await Promise.all([migrate(database, [one, two]), migrate(database, [one, two])])
    const { rows } = await database.session((session) => session.query('select n from one order by n'))
    expect(rows).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('leaves nothing of a migration that fails', async () => {
    await using database = await open()
    const broken = { version: 2, name: '0002-broken.sql', sql: 'drop table one; select no_such_thing();' }
    await expect(migrate(database, [one, broken])).rejects.toThrow('no_such_thing')
    const { rows } = await database.session((session) =>
      session.query('select max(version) as version, count(*) from one, sluice_migration'),
    )
    expect(rows).toEqual([{ version: 1, count: '1' }])
  })

  test('refuses a repository of a newer program', async () => {
    await using database = await open()
    await migrate(database, [one, two])
    await expect(migrate(database, [one])).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-08' })
  })

  test('runs the migrations of this program', async () => {
    await using database = await open()
    await migrate(database)
    const { rows } = await database.session((session) =>
      session.query('select count(*)::int as runs from sluice_run'),
    )
    expect(rows).toEqual([{ runs: 0 }])
  })
})
