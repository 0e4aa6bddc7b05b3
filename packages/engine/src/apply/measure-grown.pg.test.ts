import { run, type Session, sql, statement, Table } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { measureGrown } from './measure-grown.ts'

const person = new Table('person')

/** Rows of the table, as far as PostgreSQL knows; -1: it knows nothing. */
async function knownRows(session: Session): Promise<number | undefined> {
  const known = statement<{ rows: number }>(
    'test/known-rows',
    sql`select reltuples::int as rows from pg_class where oid = ${sql.value(person.name)}::regclass`,
  )
  return (await run(session, known)).rows[0]?.rows
}

async function write(session: Session, rows: number): Promise<void> {
  await session.execute(`insert into person select n, 'Person ' || n from generate_series(1, ${rows}) n`)
  await measureGrown(session, { table: person, count: rows })
}

describeEachDatabase('statistics of a table', (open) => {
  test('are taken when much of it was written, and not again for a twentieth', async () => {
    await using database = await open()
    const known = await database.session(async (session) => {
      await session.execute('create table person (id int, name text)')
      await write(session, 1000)
      const few = await knownRows(session)
      await write(session, 299_000)
      const many = await knownRows(session)
      await write(session, 14_000)
      return { few, many, more: await knownRows(session) }
    })
    expect(known).toEqual({ few: -1, many: 300_000, more: 300_000 })
  })

  test('say of a name that it is one of many', async () => {
    await using database = await open()
    const { rows } = await database.session(async (session) => {
      await session.execute('create table person (id int, name text)')
      await write(session, 20_000)
      return await session.query(
        "select n_distinct::int as names from pg_stats where tablename = 'person' and attname = 'name' and schemaname = current_schema()",
      )
    })
    expect(rows).toEqual([{ names: -1 }])
  })
})
