import { expect, test } from 'vitest'
import { twoFeeds, twoSources } from '../test/companies.ts'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { rowVersions } from '../test/snapshot.ts'
import { describeEachWorld } from '../test/world.ts'

describeEachWorld('several sources', (world) => {
  test('resolve what waits for another source in the very run in which it arrives', async () => {
    await world.begin(twoSources)
    const membership = [{ p: '1', u: 'X', since: '29/02/2024', share: '0,5', main: 'ja' }]
    await world.deliver('hr', { Person: 'n,name,u\n1,Ann,X', Membership: membership })
    expect(await orphansOf(world)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    const report = await world.deliver('sites', { Unit: 'c,name,h\nX,Ideas,1' })
    expect(await resourcesOf(world, 'Person')).toEqual([{ number: '1', name: 'Ann', unit: 'Ideas' }])
    expect(await linksOf(world, 'Membership')).toEqual([
      'Ann > Ideas, since 2024-02-29, share 0.5, main true',
    ])
    expect(report).toMatchObject({
      entities: [
        { mapping: 'Unit' },
        { mapping: 'Person', source: 'hr', rows: null, changes: { updated: 1 } },
      ],
      associations: [{ mapping: 'Membership', source: 'hr', rows: null, changes: { inserted: 1 } }],
    })
    await world.deliver('sites', { Unit: '' })
    expect(await orphansOf(world)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    await world.deliver('sites', { Unit: 'c,name,h\nX,Works,' })
    expect(await linksOf(world, 'Membership')).toEqual([
      'Ann > Works, since 2024-02-29, share 0.5, main true',
    ])
    const versions = await rowVersions(world)
    await world.deliver('hr')
    await world.deliver('sites')
    expect((await rowVersions(world))['membership']).toEqual(versions['membership'])
  })

  test('take a link that another hand has made for the one that was waiting', async () => {
    await world.begin(twoSources)
    await world.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
    await world.execute(`update unit set code = 'Q'`)
    const membership = [{ p: '1', u: 'X', since: '', share: '', main: '' }]
    await world.deliver('hr', { Person: 'n,name,u\n1,Ann,', Membership: membership })
    expect(await orphansOf(world)).toEqual(['Membership 1 > X'])
    await world.execute(`insert into membership (source_id, from_id, to_id) select s.source_id, p.resource_id, u.resource_id
      from sluice_source s, person p, unit u where s.name = 'hr'`)
    await world.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
    expect(await linksOf(world, 'Membership')).toEqual(['Ann > Ideas'])
    expect(await orphansOf(world)).toEqual([])
  })

  test('follow a value to whoever answers to it', async () => {
    await world.begin(twoSources)
    await world.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales' })
    await world.deliver('hr', { Person: 'n,name,u\n1,Ann,X', Membership: 'p,u\n1,X' })
    await world.deliver('sites', { Unit: 'c,name\nY,Sales\nZ,Ideas' })
    expect(await orphansOf(world)).toEqual(['Membership 1 > X', 'Person.unit = X'])
    await world.deliver('hr', { Person: 'n,name,u\n1,Ann,Z' })
    expect(await resourcesOf(world, 'Person')).toEqual([{ number: '1', name: 'Ann', unit: 'Ideas' }])
    expect(await orphansOf(world)).toEqual(['Membership 1 > X'])
  })

  test('keep to their own resources, under one number even', async () => {
    await world.begin(twoFeeds)
    await world.deliver('north', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
    await world.deliver('south', { Person: 'n,name,m\n2,Bill,1\n3,Cleo,2' })
    expect(await resourcesOf(world, 'Person')).toEqual([
      { number: '1', name: 'Ann' },
      { number: '2', name: 'Bob', manager: 'Ann' },
      { number: '2', name: 'Bill', manager: 'Ann' },
      { number: '3', name: 'Cleo' },
    ])
    expect(await orphansOf(world)).toEqual(['Person.manager = 2'])
    const report = await world.deliver('north', { Person: 'n,name,m\n1,Anna,' })
    expect(report.entities[0]).toMatchObject({ rows: { updated: 1 }, stored: 2, changes: { deleted: 1 } })
    expect(await resourcesOf(world, 'Person')).toEqual([
      { number: '1', name: 'Anna' },
      { number: '2', name: 'Bill', manager: 'Anna' },
      { number: '3', name: 'Cleo', manager: 'Bill' },
    ])
  })
})
