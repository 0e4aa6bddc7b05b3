import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { openSynchronizer } from '../../inbox/src/index.ts'
import { company } from '../test/companies.ts'
import { resourcesOf } from '../test/contents.ts'
import { rowVersions } from '../test/snapshot.ts'
import { watched } from '../test/watched.ts'
import { describeEachWorld, servers, type World } from '../test/world.ts'

const people = 'n,name,m\n1,Ann,\n2,Bob,1\n3,Cid,1'

/** Outside of every session, as another program is. */
const elsewhere = AsyncLocalStorage.snapshot()

/** Works the queue of `hr`, and lets another hand write before the first statement that `when` matches. */
async function synchronizeWhile(world: World, when: RegExp, write: string): Promise<void> {
  let written = false
  const repository = watched(world.repository, async (text) => {
    if (written || !when.test(text)) return
    written = true
    await elsewhere(() => world.execute(write))
  })
  const engine = openSynchronizer({ repository, configuration: world.configuration })
  const [report] = await engine.synchronize('hr')
  expect({ written, state: report?.state }).toEqual({ written: true, state: 'applied' })
}

async function historyOf(world: World): Promise<readonly string[]> {
  const rows = await world.rows<{
    line: string
  }>(`select concat_ws(' ', operation, key, before, after) as line
    from sluice_history where run_id = (select max(run_id) from sluice_run) order by key`)
  return rows.map(({ line }) => line)
}

const edits = 'n,name,m\n1,Anna,\n2,Bert,1'
const touch = `update person set name = 'Sue' where number in ('2', '3');
  update replica_hr_person set digest = digest`

describeEachWorld(
  'rows that another hand writes while a run is at work',
  (world) => {
    test('are updated and deleted all the same, with what they held last in the history', async () => {
      await world.begin(company)
      await world.deliver('hr', { Person: people })
      await world.send('hr', { Person: edits })
      await synchronizeWhile(world, /insert into sluice_history/, touch)
      expect(await resourcesOf(world, 'Person')).toEqual([
        { number: '1', name: 'Anna' },
        { number: '2', name: 'Bert', manager: 'Anna' },
      ])
      expect(await historyOf(world)).toEqual([
        'update 1 {"name": "Ann"} {"name": "Anna"}',
        'update 2 {"name": "Sue"} {"name": "Bert"}',
        'delete 3 {"name": "Sue", "number": "3", "manager": "Ann"}',
      ])
    })

    test('are found again between two statements of its, and the next complete has nothing to do', async () => {
      await world.begin(company)
      await world.deliver('hr', { Person: people })
      await world.send('hr', { Person: edits })
      await synchronizeWhile(world, /delete from "person"/, touch)
      const stored = await rowVersions(world)
      const again = await world.deliver('hr', { Person: edits })
      expect(again.entities[0]?.changes).toEqual({ inserted: 0, updated: 0, deleted: 0 })
      expect(await rowVersions(world)).toEqual(stored)
    })
  },
  servers,
)

describeEachWorld('a run', (world) => {
  test('that is held finds its rows again after the tables were rewritten', async () => {
    await world.begin(company.replace('thresholds: off', 'thresholds: { updated: 0 }'))
    await world.deliver('hr', { Person: people })
    const held = await world.deliver('hr', { Person: edits })
    expect(held.state).toBe('held')
    await world.execute('vacuum full person')
    await world.execute('vacuum full replica_hr_person')
    expect(await world.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
    expect(await historyOf(world)).toEqual([
      'update 1 {"name": "Ann"} {"name": "Anna"}',
      'update 2 {"name": "Bob"} {"name": "Bert"}',
      'delete 3 {"name": "Cid", "number": "3", "manager": "Ann"}',
    ])
    expect((await world.deliver('hr', { Person: edits })).entities[0]?.changes).toEqual({
      inserted: 0,
      updated: 0,
      deleted: 0,
    })
  })

  test('does without temporary tables where nobody may make any', async () => {
    await world.begin(company)
    const { database } = world
    const poor = watched(world.repository, async (text) => expect(text).not.toMatch(/create temporary/))
    const repository = { ...poor, database: { ...poor.database, temporaryTables: false } }
    const engine = openSynchronizer({ repository, configuration: world.configuration })
    await world.send('hr', { Person: people })
    expect(await engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
    await world.send('hr', { Person: edits })
    expect(await engine.synchronize('hr')).toMatchObject([{ state: 'applied' }])
    expect(await resourcesOf(world, 'Person')).toHaveLength(2)
    expect(database.temporaryTables).toBe(true)
  })
})
