import type { Change, ChangesOptions } from '@sluice/model'
import { expect, test } from 'vitest'
import { guarded, twoSources } from '../../test/companies.ts'
import { linksOf, orphansOf, resourcesOf } from '../../test/contents.ts'
import { contradictions, rowVersions } from '../../test/snapshot.ts'
import { describeEachWorld, servers, type World } from '../../test/world.ts'

const threePeople = 'n,name,m\n1,Ann,\n2,Bob,1\n3,Cid,2'

async function changesOf(
  world: World,
  run: number | null,
  options: ChangesOptions = {},
): Promise<readonly string[]> {
  const changes: string[] = []
  for await (const change of world.engine.changes(run ?? 0, options)) changes.push(lineOf(change))
  return changes.sort()
}

function lineOf(change: Change): string {
  if (change.kind === 'link') return `${change.operation} ${change.association} ${change.from} > ${change.to}`
  const { operation, entityType, key, before, after } = change
  return `${operation} ${entityType} ${key}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`
}

async function namesOf(world: World, entityType = 'Person'): Promise<readonly unknown[]> {
  return (await resourcesOf(world, entityType)).map((values) => values['name'])
}

describeEachWorld(
  'a run past its thresholds',
  (world) => {
    test('is held with its whole change set, and approval applies exactly that', async () => {
      await world.begin(guarded('{ updated: 0 }'))
      await world.deliver('hr', { Person: threePeople })
      const stored = await rowVersions(world)
      const held = await world.deliver('hr', { Person: 'n,name,m\n1,Anna,3\n3,Cid,2\n4,Dan,1' })
      expect(held).toMatchObject({
        state: 'held',
        exceeded: [{ level: 'Person', threshold: 'updated', by: 'count', limit: 0, found: 2, total: 3 }],
      })
      const now = await rowVersions(world)
      expect(Object.fromEntries(Object.keys(stored).map((table) => [table, now[table]]))).toEqual(stored)
      const changes = await changesOf(world, held.run)
      expect(changes).toEqual([
        'delete Person 2: {"number":"2","name":"Bob","manager":"Ann"} → null',
        'insert Person 4: null → {"number":"4","name":"Dan","manager":"Ann"}',
        'update Person 1: {"name":"Ann","manager":null} → {"name":"Anna","manager":"Cid"}',
        'update Person 3: {"manager":"Bob"} → {"manager":null}',
      ])
      const firstOfEachKind = await changesOf(world, held.run, { sample: 1 })
      expect(firstOfEachKind).toEqual(changes.slice(0, 3))
      const { report, moved } = await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect({ moved, state: report.state, entities: report.entities }).toEqual({
        moved: false,
        state: 'applied',
        entities: held.entities,
      })
      expect(await changesOf(world, held.run)).toEqual(changes)
      expect(await changesOf(world, held.run, { sample: 1 })).toEqual(firstOfEachKind)
      expect(await resourcesOf(world, 'Person')).toEqual([
        { number: '1', name: 'Anna', manager: 'Cid' },
        { number: '3', name: 'Cid' },
        { number: '4', name: 'Dan', manager: 'Anna' },
      ])
      expect(await orphansOf(world)).toEqual(['Person.manager = 2'])
      expect(await contradictions(world)).toEqual([])
      const versions = await rowVersions(world)
      expect(await world.deliver('hr')).toMatchObject({ state: 'applied' })
      expect(await rowVersions(world)).toEqual(versions)
    })

    test('is held on the first load too, when inserts are limited', async () => {
      await world.begin(guarded('{ inserted: 2 }'))
      const held = await world.deliver('hr', { Person: threePeople })
      expect(held).toMatchObject({ state: 'held', entities: [{ rows: { read: 3, inserted: 3 } }] })
      expect(await namesOf(world)).toEqual([])
      expect(await changesOf(world, held.run)).toHaveLength(3)
      await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await resourcesOf(world, 'Person')).toEqual([
        { number: '1', name: 'Ann' },
        { number: '2', name: 'Bob', manager: 'Ann' },
        { number: '3', name: 'Cid', manager: 'Bob' },
      ])
    })

    test('blocks its source until it is decided, and leaves nothing when it is rejected', async () => {
      await world.begin(guarded('{ deleted: 0 }'))
      await world.deliver('hr', { Person: threePeople })
      const versions = await rowVersions(world)
      const held = await world.deliver('hr', { Person: 'n,name,m\n1,Ann,' })
      expect(await world.engine.synchronize('hr')).toEqual([])
      const rejected = await world.engine.reject(held.run ?? 0, { by: 'eve' })
      expect(rejected).toMatchObject({ state: 'rejected', decision: { by: 'eve', reason: null } })
      expect(await rowVersions(world)).toEqual(versions)
      await expect(world.engine.approve(held.run ?? 0, { by: 'eve' })).rejects.toMatchObject({
        code: 'SLUICE-RUN-01',
      })
    })

    test('ends the chain when it is approved, if it keeps a row that its agent does not know of', async () => {
      await world.begin(guarded('{ updated: 0 }'))
      const { delivery } = await world.deliver('hr', { Person: threePeople })
      const unreadable = [{ mapping: 'Person', fields: ['3', 'Cid'] }]
      const held = await world.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1' }, { unreadable })
      expect(held).toMatchObject({ state: 'held', notes: [expect.stringContaining('does not know of it')] })
      expect(await world.engine.inbox.chain('hr')).toMatchObject({ appliedDelivery: delivery })
      await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await world.engine.inbox.chain('hr')).toMatchObject({
        appliedDelivery: null,
        lastDelivery: null,
      })
    })

    test('is replaced by the next complete of its source', async () => {
      await world.begin(guarded('{ deleted: 1 }'))
      await world.deliver('hr', { Person: threePeople })
      const held = await world.deliver('hr', { Person: 'n,name,m\n1,Ann,' })
      const next = await world.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
      expect(next).toMatchObject({ state: 'applied', replacedBy: null })
      expect(await world.repository.run(held.run ?? 0)).toMatchObject({
        state: 'cancelled',
        replacedBy: next.run,
        notes: [`Overtaken by complete delivery ${next.delivery}.`],
      })
      expect(await namesOf(world)).toEqual(['Ann', 'Bob'])
      expect(await contradictions(world)).toEqual([])
    })

    test('passes with force, and so does one that is held already', async () => {
      await world.begin(guarded('{ deleted: 0 }'))
      await world.deliver('hr', { Person: threePeople })
      await world.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
      const [forced] = await world.engine.synchronize('hr', { force: true })
      expect(forced).toMatchObject({ state: 'applied', decision: { by: '--force' } })
      expect(forced?.notes.join()).toContain('--force applied it as it had been held')
      expect(await world.deliver('hr', { Person: 'n,name,m\n1,Ann,' }, { force: true })).toMatchObject({
        state: 'applied',
      })
      expect(await namesOf(world)).toEqual(['Ann'])
    })

    test('is computed again when another hand moved what it is about', async () => {
      await world.begin(guarded('{ updated: 0 }'))
      await world.deliver('hr', { Person: threePeople })
      const held = await world.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
      await world.execute(`update person set name = 'Annika' where number = '1'`)
      const { report, moved } = await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect({ moved, state: report.state }).toEqual({ moved: true, state: 'held' })
      expect(await world.repository.run(held.run ?? 0)).toMatchObject({ replacedBy: report.run })
      expect(await changesOf(world, report.run)).toEqual([
        'update Person 1: {"name":"Annika"} → {"name":"Anna"}',
      ])
      expect(await world.engine.approve(report.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await namesOf(world)).toEqual(['Anna', 'Bob', 'Cid'])
    })

    test('says when it is the mapping that changed, not the data', async () => {
      const yaml = guarded('{ updated: 0 }')
      await world.begin(yaml.replace('name: name', 'name: m'))
      await world.deliver('hr', { Person: 'n,m\n1,\n2,1\n3,2' })
      await world.reconfigure(yaml)
      const held = await world.deliver('hr', { Person: threePeople })
      expect(held).toMatchObject({
        state: 'held',
        notes: ['The mapping of Person changed since the last run: name: column name (it was: column m).'],
      })
      await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await world.deliver('hr')).toMatchObject({ state: 'applied', notes: [] })
    })
  },
  servers,
)

const heldSites = twoSources.replace(
  '      Unit: { file: u.csv,',
  '      Unit: { thresholds: { inserted: 1 }, file: u.csv,',
)

describeEachWorld(
  'a held run and the runs of others',
  (world) => {
    test('what waits for it by the time it is approved is taken up', async () => {
      await world.begin(heldSites)
      await world.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await world.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await world.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      expect(held.state).toBe('held')
      // Changes nothing but what waits.
      await world.deliver('hr', {
        Membership: [{ p: '1', u: 'Y', since: '29/02/2024', share: '0,5', main: 'ja' }],
      })
      const again = await world.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held' } })
      expect(await world.engine.approve(again.report.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await linksOf(world, 'Membership')).toEqual([
        'Ann > Sales, since 2024-02-29, share 0.5, main true',
      ])
      expect(await orphansOf(world)).toEqual([])
    })

    test('a target that came meanwhile is found', async () => {
      await world.begin(heldSites)
      await world.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
      const held = await world.deliver('sites', { Unit: 'c,name,h\nX,Ideas,\nY,Sales,1\nZ,Works,' })
      await world.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const again = await world.engine.approve(held.run ?? 0, { by: 'eve' })
      await world.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(await resourcesOf(world, 'Unit')).toContainEqual({ code: 'Y', name: 'Sales', head: 'Ann' })
      expect(await orphansOf(world)).toEqual([])
      expect(await contradictions(world)).toEqual([])
    })
  },
  servers,
)
