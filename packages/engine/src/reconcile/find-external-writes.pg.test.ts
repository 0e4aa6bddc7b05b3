import { ownershipOf } from '@sluice/model'
import { run, type Session, sql, statement, type Table } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/databases.ts'
import { entityMapping, entityType, modelOf, sourceOf } from '../../test/small-model.ts'
import { RejectedRows } from '../context/rejected-rows.ts'
import { WorkTables } from '../context/work-tables.ts'
import { entityShape } from '../sql/entity-shape.ts'
import { findExternalWrites } from './find-external-writes.ts'

const mapping = entityMapping('Person', { number: 'number' })
const model = modelOf([entityType('Person', ['number'])])
const shape = entityShape(model, mapping, new Set())
const hr = sourceOf([mapping])
const ad = sourceOf([mapping], [], 'ad')
const ownership = ownershipOf(new Map([hr, ad].map((source) => [source.name, source])), 'Person')

/** Resources by number, and whose they are; the first two were written by Sluice. */
const begin = `
  create table sluice_known_transaction (entity_type text, xid xid, checked_by int);
  create table sluice_run (run_id bigint, cause text);
  create table sluice_free_resource (resource_id bigint);
  create table person (resource_id bigint, _created_run bigint);
  create table replica_hr_person (key text, resource_id bigint);
  create table replica_ad_person (key text, resource_id bigint);
  insert into person values (1), (2);
  insert into replica_hr_person values ('1', 1);
  insert into replica_ad_person values ('2', 2);
  insert into sluice_known_transaction select 'Person', xmin from person limit 1`

/** What is found of the source `hr`, by number; and how many versions of rows there are. */
async function found(session: Session) {
  const workTables = new WorkTables(session, { runId: 1, few: true, temporaryTables: true })
  const part = {
    session,
    runId: 1,
    model,
    sources: new Map(),
    workTables,
    rejectedRows: new RejectedRows(workTables),
    source: hr,
    sourceId: 1,
    whole: true,
  }
  const { count: stored } = await run(session, statement('test/stored', sql`select from person`))
  const external = await findExternalWrites(part, shape, ownership, stored)
  if (external === undefined) return undefined
  const idsOf = async (table: Table) => {
    const ids = sql`select resource_id::int as id from ${table} order by 1`
    return (await run(session, statement<{ id: number }>('test/ids', ids))).rows.map(({ id }) => id)
  }
  const { attachedCount, unattachedCount } = external
  const versions = sql`select from ${external.versions}`
  return {
    attached: await idsOf(external.attached),
    unattached: await idsOf(external.unattached),
    counts: [attachedCount, unattachedCount],
    versions: (await run(session, statement('test/versions', versions))).count,
  }
}

describeEachDatabase('resources that were written externally', (open) => {
  test('are told apart: those that a row of the source stands for, and those that nobody’s does', async () => {
    await using database = await open()
    await database.session((session) => session.execute(begin))
    await database.session((session) =>
      session.execute(`insert into person values (3), (4), (5);
        insert into replica_hr_person values ('3', 3); insert into replica_ad_person values ('4', 4)`),
    )
    await database.session((session) => session.execute('insert into person values (6)'))
    expect(await database.transaction(found)).toEqual({
      attached: [3],
      unattached: [5, 6],
      counts: [1, 2],
      versions: 2,
    })
  })

  test('are among them when they are gone, though nothing else was written', async () => {
    await using database = await open()
    await database.session((session) => session.execute(begin))
    await database.session((session) => session.execute('delete from person'))
    expect(await database.transaction(found)).toEqual({
      attached: [1],
      unattached: [],
      counts: [1, 0],
      versions: 0,
    })
  })

  test('are found where one was added for one that is gone', async () => {
    await using database = await open()
    await database.session((session) => session.execute(begin))
    await database.session((session) =>
      session.execute('update person set resource_id = 3 where resource_id = 1'),
    )
    expect(await database.transaction(found)).toMatchObject({ attached: [1], unattached: [3] })
  })

  test('are none where Sluice wrote all there are, however often that is asked', async () => {
    await using database = await open()
    await database.session((session) => session.execute(begin))
    await database.transaction(async (session) => {
      expect(await found(session)).toBeUndefined()
      expect(await found(session)).toBeUndefined()
    })
  })

  test('are not taken for Sluice’s own once a transaction comes that has a number of another server', async () => {
    await using database = await open()
    await database.session((session) => session.execute(begin))
    const known = statement('test/known', sql`select xid::text from sluice_known_transaction`)
    await database.transaction(async (session) => {
      const { rows } = await run(session, known)
      await session.execute(`insert into sluice_known_transaction
        select 'Person', ((pg_current_xact_id()::text::bigint + 1000000) % 4294967296)::text::xid`)
      await found(session)
      expect((await run(session, known)).rows).toEqual(rows)
    })
  })
})
