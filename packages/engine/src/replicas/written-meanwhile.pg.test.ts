import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { openSynchronizer } from '../../../inbox/src/index.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../test/engine-harness.ts'
import { intercepted } from '../../test/intercepted-repository.ts'

const yaml = `
entityTypes:
  Person: {display: name, properties: {name: {type: string, required: true}, phone: string}}
sources:
  book:
    table: true
    thresholds: off
    entities:
      Person:
        reconciliation: {rules: [[name]]}
        delete: delete
        fullLoadInterval: 1h
        properties: {name: {}, phone: {}}
`

/** Runs the source while somebody writes at the statement of this name. */
async function runWhile(harness: EngineHarness, at: string, write: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('servers')['18'] })
  await client.connect()
  await client.query(`set search_path to "${harness.database.schema}"`)
  let written = false
  const repository = intercepted(harness.repository, async (text) => {
    if (written || !text.includes(at)) return
    written = true
    await client.query(write)
  })
  const { tables } = openSynchronizer({ repository, configuration: harness.configuration })
  try {
    await tables.synchronize('book', { by: { kind: 'person', name: 'test' } })
  } finally {
    await client.end()
  }
  expect(written).toBe(true)
}

const people = (harness: EngineHarness) => harness.rows('select name, phone from person order by name')
const statuses = (harness: EngineHarness) =>
  harness.rows(
    'select key, status, resource_id is not null as attached from replica_book_person order by key',
  )
const again = (harness: EngineHarness) =>
  harness.engine.tables.synchronize('book', { by: { kind: 'person', name: 'test' } })

describeWithEngine(
  'rows of an open table that a client writes while a run is at work',
  (harness) => {
    test('are applied as they were read, and wait for the next run as they are', async () => {
      await harness.begin(yaml)
      await harness.execute(`insert into synchro_data_person_1 values ('1', 'Ann', '11')`)
      await runWhile(harness, 'replicas/any-siblings', `update synchro_data_person_1 set phone = '12'`)
      expect(await people(harness)).toEqual([{ name: 'Ann', phone: '11' }])
      expect(await statuses(harness)).toEqual([{ key: '1', status: 'modified', attached: true }])
      await again(harness)
      expect(await people(harness)).toEqual([{ name: 'Ann', phone: '12' }])
      expect(await statuses(harness)).toEqual([{ key: '1', status: 'synchronized', attached: true }])
    })

    test('and deletes leave the resource that the run makes, without a source', async () => {
      await harness.begin(yaml)
      await harness.execute(`insert into synchro_data_person_1 values ('1', 'Ann', '11')`)
      await runWhile(harness, 'replicas/any-siblings', 'delete from synchro_data_person_1')
      expect(await people(harness)).toEqual([{ name: 'Ann', phone: '11' }])
      expect(await statuses(harness)).toEqual([])
    })

    test('are not deleted when they come back just then', async () => {
      await harness.begin(yaml)
      await harness.execute(
        `insert into synchro_data_person_1 values ('1', 'Ann', '11'), ('2', 'Bob', '22'), ('3', 'Cy', '33')`,
      )
      await again(harness)
      await harness.execute(
        `update replica_book_person set last_seen = now() - interval '2 hours' where key = '3'`,
      )
      await runWhile(
        harness,
        'replicas/leave-disappeared',
        `update synchro_data_person_1 set phone = '34' where primary_key = '3'`,
      )
      // The resource is gone, as the run knew no better; the row is there, and makes it anew.
      expect(await statuses(harness)).toContainEqual({ key: '3', status: 'new', attached: false })
      await again(harness)
      expect(await people(harness)).toContainEqual({ name: 'Cy', phone: '34' })
    })
  },
  servers.slice(-1),
)
