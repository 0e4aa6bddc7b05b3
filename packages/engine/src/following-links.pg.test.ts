/**
 * Links in the file of an entity, in a file of changes: they follow the rows of that entity.
 */
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../test/engine-harness.ts'

/** People find their links by name, which is not their key. */
const yaml = (by: 'number' | 'name', cardinality: string) => `
entityTypes:
  Person: {display: name, properties: {number: string, name: string}}
  Group: {display: code, properties: {code: string}}
associations:
  Member: {from: Person, to: Group, cardinality: ${cardinality}, properties: {since: date}}
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: {file: people.csv, key: number, properties: {number: number, name: name}}
      Group: {file: groups.csv, key: code, properties: {code: code}}
    associations:
      Member:
        file: people.csv
        from: {column: ${by}, by: ${by}}
        to: {column: group, by: code}
        properties: {since: since}
`

const start = {
  Person: 'number,name\n1,Ann\n2,Bob',
  Group: 'code\nA\nB\nC',
  Member: {
    number: 'number,group,since\n1,A,2020-01-01\n1,B,\n2,A,\n2,Z,',
    name: 'name,group,since\nAnn,A,2020-01-01\nAnn,B,\nBob,A,\nBob,Z,',
  },
}

async function links(harness: EngineHarness): Promise<readonly string[]> {
  const rows = await harness.rows<{ line: string }>(`
    select p.name || ' – ' || g.code || coalesce(' since ' || l.since, '') as line from member l
      join person p on p.resource_id = l.from_id join "group" g on g.resource_id = l.to_id
    union all select from_value || ' … ' || to_value from sluice_orphan_link`)
  return rows.map(({ line }) => line).sort()
}

describeWithEngine(
  'rows of an entity that say its links',
  (harness) => {
    /** Delivers the commands of people, and what they say of links: as prepare passes them. */
    async function change(by: 'number' | 'name', people: string, member: string) {
      const tables = {
        Person: `command,number,name\n${people}`,
        Member: `command,${by},group,since\n${member}`,
      }
      return await harness.deliver('hr', tables, { mode: 'incremental', follows: { Member: 'from' } })
    }
    async function begun(by: 'number' | 'name', cardinality = 'many-to-many') {
      await harness.begin(yaml(by, cardinality))
      const { Member, ...entities } = start
      await harness.deliver('hr', { ...entities, Member: Member[by] })
    }

    test.each(['number', 'name'] as const)('replace them together, by %s', async (by) => {
      await begun(by)
      const ann = { number: '1', name: 'Ann' }[by]
      const report = await change(
        by,
        'update,1,Ann\nupdate,1,Ann',
        `merge,${ann},B,\nmerge,${ann},C,2021-01-01`,
      )
      const waiting = { number: '2 … Z', name: 'Bob … Z' }[by]
      expect(await links(harness)).toEqual(['Ann – B', 'Ann – C since 2021-01-01', 'Bob – A', waiting].sort())
      expect(report.associations[0]).toMatchObject({
        changes: { inserted: 1, deleted: 1 },
        rows: { inserted: 1, unchanged: 1 },
      })
    })

    test('take all of them away with the entity, also those that wait', async () => {
      await begun('number')
      const report = await change('number', 'delete,2,', 'delete,2,,')
      expect(await links(harness)).toEqual(['Ann – A since 2020-01-01', 'Ann – B'])
      expect(report.associations[0]).toMatchObject({ changes: { deleted: 1 }, rows: { deleted: 1 } })
    })

    test('take them away with the entity where its row has nothing but the key', async () => {
      await begun('name')
      const report = await change('name', 'delete,2,', 'delete,,,')
      expect(await links(harness)).toEqual(['Ann – A since 2020-01-01', 'Ann – B'])
      expect(report.associations[0]?.rows).toMatchObject({ read: 1, deleted: 1, nullKey: 0 })
    })

    test('take them away where a row has none', async () => {
      await begun('number')
      const report = await change('number', 'update,1,Ann\nupdate,2,Bob', 'merge,1,,\nmerge,2,A,')
      expect(await links(harness)).toEqual(['Bob – A'])
      expect(report.associations[0]?.rows).toMatchObject({ noLink: 1, unchanged: 1 })
    })

    test('begin anew behind a delete', async () => {
      await begun('number')
      const report = await change(
        'number',
        'update,1,Ann\ndelete,1,\ninsert,1,Ann',
        'merge,1,C,\ndelete,1,,\nmerge,1,B,',
      )
      expect(await links(harness)).toEqual(['2 … Z', 'Ann – B', 'Bob – A'])
      expect(report.associations[0]?.rows).toMatchObject({ duplicate: 2, unchanged: 1 })
    })

    test('follow an entity to its new name', async () => {
      await begun('name')
      await change('name', 'update,2,Rob', 'merge,Rob,C,')
      expect(await links(harness)).toEqual(['Ann – A since 2020-01-01', 'Ann – B', 'Rob – C'])
    })

    test('leave a link alone whose row is rejected', async () => {
      await begun('number')
      const report = await change('number', 'update,1,Ann', 'merge,1,A,long ago\nmerge,1,C,')
      expect(await links(harness)).toEqual(['2 … Z', 'Ann – A since 2020-01-01', 'Ann – C', 'Bob – A'])
      expect(report.associations[0]?.rows).toMatchObject({ rejected: 1, inserted: 1 })
    })

    test('tell a rejected row again until a row of its entity says what holds now', async () => {
      await begun('number')
      const rejected = async (people: string, member: string) => {
        const { associations } = await change('number', people, member)
        return associations[0]?.rows?.rejected
      }
      expect(await rejected('update,1,Ann', 'merge,1,C,long ago')).toBe(1)
      expect(await rejected('update,2,Bob', 'merge,2,A,')).toBe(1)
      expect(await rejected('update,1,Ann', 'merge,1,A,')).toBe(0)
      expect(await rejected('update,2,Bob', 'merge,2,A,')).toBe(0)
      expect(await links(harness)).toEqual(['Ann – A', 'Bob – A'])
    })

    test('wait for what is not there yet, and no longer than the next row says', async () => {
      await begun('number')
      await change('number', 'update,1,Ann', 'merge,1,Y,')
      expect(await links(harness)).toEqual(['1 … Y', '2 … Z', 'Bob – A'])
      await change('number', 'update,1,Ann', 'merge,1,A,')
      expect(await links(harness)).toEqual(['2 … Z', 'Ann – A', 'Bob – A'])
    })

    test('move the one link that an entity can have to what its last row says', async () => {
      await harness.begin(yaml('number', 'many-to-one'))
      const { Member: _, ...entities } = start
      await harness.deliver('hr', { ...entities, Member: 'number,group,since\n1,A,\n2,A,' })
      await change(
        'number',
        'update,1,Ann\nupdate,1,Ann\nupdate,2,Bob',
        'merge,1,B,\nmerge,1,C,\nmerge,2,B,\nmerge,2,,',
      )
      expect(await links(harness)).toEqual(['Ann – C'])
    })

    test('take a link from whoever had what can have only one', async () => {
      await harness.begin(yaml('number', 'one-to-many'))
      const { Member: _, ...entities } = start
      await harness.deliver('hr', { ...entities, Member: 'number,group,since\n1,A,\n1,B,\n2,C,' })
      await change('number', 'update,2,Bob', 'merge,2,B,\nmerge,2,C,')
      expect(await links(harness)).toEqual(['Ann – A', 'Bob – B', 'Bob – C'])
      const both = 'merge,1,C,\nmerge,2,C,\nmerge,2,A,\nmerge,1,A,'
      const report = await change('number', 'update,1,Ann\nupdate,2,Bob', both)
      expect(await links(harness)).toEqual(['Ann – A', 'Bob – C'])
      expect(report.associations[0]?.rows).toMatchObject({ duplicate: 2, unchanged: 2 })
    })
  },
  servers,
)
