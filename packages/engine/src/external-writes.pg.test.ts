import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { openSynchronizer } from '../../inbox/src/index.ts'
import { company } from '../test/companies.ts'
import { resourcesOf } from '../test/contents.ts'
import { describeWithEngine, type EngineHarness, servers } from '../test/engine-harness.ts'
import { intercepted } from '../test/intercepted-repository.ts'
import { rowVersions } from '../test/snapshot.ts'

const people = 'n,name,m\n1,Ann,\n2,Bob,1\n3,Cid,1'

/** Outside of every session, as another program is. */
const elsewhere = AsyncLocalStorage.snapshot()

/** Synchronizes `hr`, and lets another writer write before the first statement that `when` matches. */
async function synchronizeWhile(harness: EngineHarness, when: RegExp, write: string): Promise<void> {
  let written = false
  const repository = intercepted(harness.repository, async (text) => {
    if (written || !when.test(text)) return
    written = true
    await elsewhere(() => harness.execute(write))
  })
  const engine = openSynchronizer({ repository, configuration: harness.configuration })
  const [report] = await engine.synchronize('hr')
  expect({ written, state: report?.state }).toEqual({ written: true, state: 'applied' })
}

async function historyOf(harness: EngineHarness): Promise<readonly string[]> {
  const rows = await harness.rows<{
    line: string
  }>(`select concat_ws(' ', operation, key, before, after) as line
    from sluice_history where run_id = (select max(run_id) from sluice_run) order by key`)
  return rows.map(({ line }) => line)
}

const edits = 'n,name,m\n1,Anna,\n2,Bert,1'
const externalWrite = `update person set name = 'Sue' where number in ('2', '3');
  update replica_hr_person set digest = digest`

describeWithEngine(
  'rows that another writer writes while a run is at work',
  (harness) => {
    test('are updated and deleted all the same, with what they held last in the history', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people })
      await harness.send('hr', { Person: edits })
      await synchronizeWhile(harness, /insert into sluice_history/, externalWrite)
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '1', name: 'Anna' },
        { number: '2', name: 'Bert', manager: 'Anna' },
      ])
      expect(await historyOf(harness)).toEqual([
        'update 1 {"name": "Ann"} {"name": "Anna"}',
        'update 2 {"name": "Sue"} {"name": "Bert"}',
        'delete 3 {"name": "Sue", "number": "3", "manager": "Ann"}',
      ])
    })

    test('are compared by the next complete, though the run has compared others', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people })
      await harness.execute(`update person set name = 'Sue' where number = '2'`)
      await harness.send('hr', { Person: people })
      await synchronizeWhile(
        harness,
        /insert into sluice_history/,
        `update person set name = 'Sue' where number = '3'`,
      )
      expect(await resourcesOf(harness, 'Person')).toContainEqual({
        number: '3',
        name: 'Sue',
        manager: 'Ann',
      })
      await harness.deliver('hr')
      expect(await resourcesOf(harness, 'Person')).toContainEqual({
        number: '3',
        name: 'Cid',
        manager: 'Ann',
      })
    })

    test('are found again between two statements of its, and the next complete has nothing to do', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people })
      await harness.send('hr', { Person: edits })
      await synchronizeWhile(harness, /delete from "person"/, externalWrite)
      const stored = await rowVersions(harness)
      const again = await harness.deliver('hr', { Person: edits })
      expect(again.entities[0]?.changes).toEqual({ inserted: 0, updated: 0, deleted: 0 })
      expect(await rowVersions(harness)).toEqual(stored)
    })
  },
  servers,
)

describeWithEngine('a run', (harness) => {
  test('that is held finds its rows again after the tables were rewritten', async () => {
    await harness.begin(company.replace('thresholds: off', 'thresholds: { updated: 0 }'))
    await harness.deliver('hr', { Person: people })
    const held = await harness.deliver('hr', { Person: edits })
    expect(held.state).toBe('held')
    await harness.execute('vacuum full person')
    await harness.execute('vacuum full replica_hr_person')
    expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
    expect(await historyOf(harness)).toEqual([
      'update 1 {"name": "Ann"} {"name": "Anna"}',
      'update 2 {"name": "Bob"} {"name": "Bert"}',
      'delete 3 {"name": "Cid", "number": "3", "manager": "Ann"}',
    ])
    expect((await harness.deliver('hr', { Person: edits })).entities[0]?.changes).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 0,
    })
  })

  test('does without temporary tables where nobody may make any', async () => {
    await harness.begin(company)
    const { database } = harness
    const poor = intercepted(harness.repository, async (text) => expect(text).not.toMatch(/create temporary/))
    const repository = { ...poor, database: { ...poor.database, temporaryTables: false } }
    const engine = openSynchronizer({ repository, configuration: harness.configuration })
    await harness.send('hr', { Person: people })
    expect(await engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
    await harness.send('hr', { Person: edits })
    expect(await engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
    expect(await resourcesOf(harness, 'Person')).toHaveLength(2)
    expect(database.temporaryTables).toBe(true)
  })
})
