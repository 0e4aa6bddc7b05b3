import { expect, test } from 'vitest'
import { openSynchronizer } from '../../inbox/src/index.ts'
import { twoFeeds, twoSources } from '../test/companies.ts'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine } from '../test/engine-harness.ts'
import { intercepted } from '../test/intercepted-repository.ts'
import { rowVersions } from '../test/snapshot.ts'

describeWithEngine('several sources', (harness) => {
  test('resolve what waits for another source in the very run in which it arrives', async () => {
    await harness.begin(twoSources)
    const membership = [{ p: '1', u: 'X', since: '29/02/2024', share: '0,5', main: 'ja' }]
    await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X', Membership: membership })
    expect(await orphansOf(harness)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    const report = await harness.deliver('sites', { Unit: 'c,name,h\nX,Ideas,1' })
    expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '1', name: 'Ann', unit: 'Ideas' }])
    expect(await linksOf(harness, 'Membership')).toEqual([
      'Ann > Ideas, since 2024-02-29, share 0.5, main true',
    ])
    expect(report).toMatchObject({
      entities: [
        { mapping: 'Unit' },
        { mapping: 'Person', source: 'hr', rows: null, changes: { updated: 1 } },
      ],
      associations: [{ mapping: 'Membership', source: 'hr', rows: null, changes: { inserted: 1 } }],
    })
    await harness.deliver('sites', { Unit: '' })
    expect(await orphansOf(harness)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    await harness.deliver('sites', { Unit: 'c,name,h\nX,Works,' })
    expect(await linksOf(harness, 'Membership')).toEqual([
      'Ann > Works, since 2024-02-29, share 0.5, main true',
    ])
    const versions = await rowVersions(harness)
    await harness.deliver('hr')
    await harness.deliver('sites')
    expect((await rowVersions(harness))['membership']).toEqual(versions['membership'])
  })

  test('take a link that another writer has made for the one that was waiting', async () => {
    await harness.begin(twoSources)
    await harness.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
    await harness.execute(`update unit set code = 'Q'`)
    const membership = [{ p: '1', u: 'X', since: '', share: '', main: '' }]
    await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,', Membership: membership })
    expect(await orphansOf(harness)).toEqual(['Membership 1 > X'])
    await harness.execute(`insert into membership (source_id, from_id, to_id) select s.source_id, p.resource_id, u.resource_id
      from sluice_source s, person p, unit u where s.name = 'hr'`)
    await harness.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
    expect(await linksOf(harness, 'Membership')).toEqual(['Ann > Ideas'])
    expect(await orphansOf(harness)).toEqual([])
  })

  test('do not take for an external write what Sluice wrote for another source', async () => {
    await harness.begin(twoFeeds)
    await harness.deliver('north', { Person: 'n,name,m\n1,Ann,9' })
    // The boss whom the north's row names arrives from the south, whose run points that row at him.
    await harness.deliver('south', { Person: 'n,name,m\n9,Max,' })
    expect(await resourcesOf(harness, 'Person')).toContainEqual({ number: '1', name: 'Ann', manager: 'Max' })
    const compared: string[] = []
    const repository = intercepted(harness.repository, async (text) => void compared.push(text))
    const north = openSynchronizer({ repository, configuration: harness.configuration })
    const externally = () =>
      compared.filter((text) => text.includes('reconcile/find-external-writes-of-attached'))
    const versions = await rowVersions(harness)
    await harness.send('north', { Person: 'n,name,m\n1,Ann,9' })
    await north.synchronize('north')
    expect(externally()).toEqual([])
    expect((await rowVersions(harness))['person']).toEqual(versions['person'])
    // Somebody else's is one.
    await harness.execute(`update person set name = 'Nobody' where number = '1'`)
    await harness.send('north', { Person: 'n,name,m\n1,Ann,9' })
    await north.synchronize('north')
    expect(externally()).toHaveLength(1)
    expect(await resourcesOf(harness, 'Person')).toContainEqual({ number: '1', name: 'Ann', manager: 'Max' })
  })

  test('compare external writes to their own resources, whoever has compared before', async () => {
    await harness.begin(twoFeeds)
    await harness.deliver('north', { Person: 'n,name,m\n1,Ann,' })
    await harness.deliver('south', { Person: 'n,name,m\n9,Max,' })
    await harness.execute(`update person set name = 'Nobody'`)
    await harness.deliver('south')
    await harness.deliver('north')
    const names = (await resourcesOf(harness, 'Person')).map(({ name }) => name)
    expect(names.toSorted()).toEqual(['Ann', 'Max'])
  })

  test('follow a value to whoever answers to it', async () => {
    await harness.begin(twoSources)
    await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales' })
    await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X', Membership: 'p,u\n1,X' })
    await harness.deliver('sites', { Unit: 'c,name\nY,Sales\nZ,Ideas' })
    expect(await orphansOf(harness)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,Z' })
    expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '1', name: 'Ann', unit: 'Ideas' }])
    expect(await orphansOf(harness)).toEqual(['Membership 1 > X'])
  })

  test('keep to their own resources, under one number even', async () => {
    await harness.begin(twoFeeds)
    await harness.deliver('north', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
    await harness.deliver('south', { Person: 'n,name,m\n2,Bill,1\n3,Cleo,2' })
    expect(await resourcesOf(harness, 'Person')).toEqual([
      { number: '1', name: 'Ann' },
      { number: '2', name: 'Bob', manager: 'Ann' },
      { number: '2', name: 'Bill', manager: 'Ann' },
      { number: '3', name: 'Cleo' },
    ])
    expect(await orphansOf(harness)).toEqual(['Person.manager = 2'])
    const report = await harness.deliver('north', { Person: 'n,name,m\n1,Anna,' })
    expect(report.entities[0]).toMatchObject({ rows: { updated: 1 }, stored: 2, changes: { deleted: 1 } })
    expect(await resourcesOf(harness, 'Person')).toEqual([
      { number: '1', name: 'Anna' },
      { number: '2', name: 'Bill', manager: 'Anna' },
      { number: '3', name: 'Cleo', manager: 'Bill' },
    ])
  })

  test('leave alone what somebody has entered by hand, under a key of theirs even: it is nobody’s', async () => {
    await harness.begin(twoFeeds)
    await harness.deliver('north', { Person: 'n,name,m\n1,Ann,' })
    await harness.execute(
      `insert into person (resource_id, number, name) values (nextval('sluice_resource_id'), '5', 'By hand')`,
    )
    await harness.deliver('north', { Person: 'n,name,m\n1,Ann,\n5,Eve,' })
    const people = [
      { number: '1', name: 'Ann' },
      { number: '5', name: 'By hand' },
      { number: '5', name: 'Eve' },
    ]
    expect(await resourcesOf(harness, 'Person')).toEqual(people)
    await harness.deliver('north')
    expect(await resourcesOf(harness, 'Person')).toEqual(people)
  })
})
