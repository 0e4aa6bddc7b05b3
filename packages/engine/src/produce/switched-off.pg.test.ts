/**
 * Mappings that are switched off: runs pass over them, and what they have brought stays.
 */
import { expect, test } from 'vitest'
import { company } from '../../test/companies.ts'
import { linksOf, resourcesOf } from '../../test/contents.ts'
import { describeWithEngine } from '../../test/engine-harness.ts'

const off = (...names: readonly string[]) =>
  names.reduce((yaml, name) => {
    const [model = '', sources = ''] = yaml.split('sources:')
    const mapped = new RegExp(`^(      ${name}:)(?:\\n        file| \\{ file)`, 'm')
    return `${model}sources:${sources.replace(mapped, (text) => text.replace('file', 'active: false, file').replace('\n        active: false, file', '\n        active: false\n        file'))}`
  }, company)

const all = {
  Person: 'n,name,m,u\n1,Ann,,X\n2,Bob,1,X',
  Unit: 'c,name,h\nX,Ideas,1\nY,Things,',
  Membership: 'p,u,since\n1,X,01/02/2020',
  Seat: 'p,u\n1,X',
}

describeWithEngine('a mapping that is switched off', (harness) => {
  test.each(['complete', 'incremental'] as const)(
    'is passed over by a run (%s), and its resources, links and replicas stay',
    async (mode) => {
      await harness.begin(company)
      await harness.deliver('hr', all)
      await harness.reconfigure(off('Unit', 'Membership'))
      const units = await resourcesOf(harness, 'Unit')
      const replicas = await harness.rows('select * from replica_hr_unit order by key')
      const Person =
        mode === 'complete' ? 'n,name,m,u\n1,Ann,,Y' : 'command,n,name,m,u\nupdate,1,Ann,,Y\ndelete,2,,,'
      const report = await harness.deliver('hr', { Person }, { mode })
      expect(report.entities.map(({ mapping }) => mapping)).toEqual(['Person'])
      expect(report.associations.map(({ mapping }) => mapping)).toEqual(['Seat'])
      expect(await resourcesOf(harness, 'Person')).toMatchObject([{ number: '1', unit: 'Things' }])
      expect(await resourcesOf(harness, 'Unit')).toEqual(units)
      expect(await harness.rows('select * from replica_hr_unit order by key')).toEqual(replicas)
      expect(await linksOf(harness, 'Membership')).toEqual(['Ann > Ideas, since 2020-02-01'])
    },
  )

  test('compares as always when it is switched on again', async () => {
    await harness.begin(company)
    await harness.deliver('hr', all)
    await harness.reconfigure(off('Unit', 'Membership'))
    await harness.deliver('hr', { Person: 'n,name,m,u\n1,Ann,,X' })
    await harness.reconfigure(company)
    const report = await harness.deliver('hr', { Unit: 'c,name,h\nX,Ideals,1', Membership: 'p,u,since' })
    expect(report.notes).toEqual([])
    expect(report.entities.map(({ mapping, changes }) => [mapping, changes])).toEqual([
      ['Person', { inserted: 0, updated: 0, deleted: 0 }],
      ['Unit', { inserted: 0, updated: 1, deleted: 1 }],
    ])
    expect(await linksOf(harness, 'Membership')).toEqual([])
  })

  test('that reads otherwise by then is told of when it is switched on', async () => {
    await harness.begin(company)
    await harness.deliver('hr', all)
    await harness.reconfigure(off('Unit').replace('code: c, name: name', 'code: c'))
    expect((await harness.deliver('hr', {})).notes).toEqual([])
    await harness.reconfigure(company.replace('code: c, name: name', 'code: c'))
    expect((await harness.deliver('hr', { Unit: 'c,h\nX,1\nY,' })).notes).toEqual([
      'The mapping of Unit changed since the last run: name was removed.',
    ])
  })

  test('locks what it has brought all the same', async () => {
    await harness.begin(company)
    await harness.deliver('hr', all)
    await harness.reconfigure(off('Unit'))
    const edit = { action: 'update', type: 'Unit', resource: 'Ideas', values: { name: 'Other' } } as const
    const by = { kind: 'person', name: 'olga' } as const
    await expect(harness.engine.edit({ edits: [edit], role: 'administrator' }, { by })).rejects.toMatchObject(
      { code: 'SLUICE-EDIT-01' },
    )
  })

  test('is refused where somebody delivers it', async () => {
    await harness.begin(company)
    await harness.send('hr', all)
    await harness.reconfigure(off('Unit'))
    await expect(harness.engine.synchronize('hr')).rejects.toMatchObject({
      code: 'SLUICE-RECEIVE-22',
      message: 'Mapping Unit was delivered, and is switched off here.',
    })
    expect(await resourcesOf(harness, 'Person')).toEqual([])
  })

  test('is not one that is taken out: that would forget whose its resources are', async () => {
    await harness.begin(company)
    await harness.deliver('hr', all)
    const without = company.replace(/ {6}Unit:\n {8}file[\s\S]*?(?= {4}associations)/, '')
    await expect(harness.reconfigure(without)).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-09',
      message: expect.stringContaining('source hr would forget 2 rows of Unit'),
    })
  })
})

const shared = (said = '') => `
entityTypes:
  Person: { properties: { number: string, name: string } }
sources:
  hr:
    table: true
    entities: { Person: { ${said}properties: { number: number, name: name } } }
`

describeWithEngine('a mapping of an open table that is switched off', (harness) => {
  const by = { kind: 'person', name: 'olga' } as const
  const write = async (number: number, name: string) =>
    await harness.execute(
      `insert into synchro_data_person_1 (primary_key, number, name) values ('${number}', '${number}', '${name}')`,
    )
  const names = async () => (await resourcesOf(harness, 'Person')).map(({ name }) => name)

  test('waits: what is written meanwhile is taken when it is switched on again', async () => {
    await harness.begin(shared())
    await write(1, 'Ann')
    await harness.engine.tables.synchronize('hr', { by })
    await harness.reconfigure(shared('active: false, '))
    await write(2, 'Bob')
    await harness.execute(`delete from synchro_data_person_1 where primary_key = '1'`)
    const report = await harness.engine.tables.synchronize('hr', { by })
    expect(report.entities).toEqual([])
    expect(await names()).toEqual(['Ann'])
    await harness.reconfigure(shared())
    await harness.engine.tables.synchronize('hr', { by })
    expect(await names()).toContain('Bob')
  })
})
