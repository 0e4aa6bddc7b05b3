import { expect, test } from 'vitest'
import { company } from '../test/companies.ts'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine, servers } from '../test/engine-harness.ts'
import { contradictions, rowVersions } from '../test/snapshot.ts'

const people = `n,name,grade,m,u,s
  1,Ann,7,,X,
  2,Bob,3,1,X,Ideas
  3,Cid,,2,Y,Ann`
const units = `c,name,h
  X,Ideas,3
  Y,Sales,`
const members = `p,u,since
  1,X,01/02/2020
  2,X,
  2,Y,29/02/2024`

describeWithEngine('a complete run', (harness) => {
  test('loads everything into an empty repository, references in cycles and to parent types included', async () => {
    await harness.begin(company)
    const report = await harness.deliver('hr', { Person: people, Unit: units, Membership: members })
    expect(report.state).toBe('applied')
    expect(await resourcesOf(harness, 'Person')).toEqual([
      { name: 'Ann', number: '1', grade: 7, unit: 'Ideas' },
      { name: 'Bob', number: '2', grade: 3, manager: 'Ann', unit: 'Ideas', sponsor: 'Ideas' },
      { name: 'Cid', number: '3', manager: 'Bob', unit: 'Sales', sponsor: 'Ann' },
    ])
    expect(await resourcesOf(harness, 'Unit')).toEqual([
      { name: 'Ideas', code: 'X', head: 'Cid' },
      { name: 'Sales', code: 'Y' },
    ])
    expect(await linksOf(harness, 'Membership')).toEqual([
      'Ann > Ideas, since 2020-02-01',
      'Bob > Ideas',
      'Bob > Sales, since 2024-02-29',
    ])
    expect(await orphansOf(harness)).toEqual([])
    expect(await contradictions(harness)).toEqual([])
  })

  test('writes nothing when it is run a second time', async () => {
    await harness.begin(company)
    await harness.deliver('hr', { Person: people, Unit: units, Membership: members })
    const before = await rowVersions(harness)
    const report = await harness.deliver('hr')
    expect(report.entities.map(({ changes }) => changes)).toEqual([
      { inserted: 0, updated: 0, deleted: 0 },
      { inserted: 0, updated: 0, deleted: 0 },
    ])
    expect(await rowVersions(harness)).toEqual(before)
  })
})

describeWithEngine(
  'a complete run',
  (harness) => {
    test('inserts, updates and deletes, and remembers who was what', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units })
      const report = await harness.deliver('hr', {
        Person: 'n,name,grade,m,u,s\n1,Ann,8,,X,\n3,Cid,,1,Y,Ann\n4,Dan,1,,,',
      })
      expect(report.entities[0]).toMatchObject({
        rows: { read: 3, inserted: 1, updated: 2, unchanged: 0 },
        changes: { inserted: 1, updated: 2, deleted: 1 },
        stored: 3,
        withheld: 0,
      })
      const history = await harness.rows(
        'select operation, key, before, after from sluice_history where run_id = $1 order by key',
        [report.run],
      )
      expect(history).toEqual([
        { operation: 'update', key: '1', before: { grade: 7 }, after: { grade: 8 } },
        {
          operation: 'delete',
          key: '2',
          before: { number: '2', name: 'Bob', grade: 3, manager: 'Ann', unit: 'Ideas', sponsor: 'Ideas' },
          after: null,
        },
        { operation: 'update', key: '3', before: { manager: 'Bob' }, after: { manager: 'Ann' } },
        { operation: 'insert', key: '4', before: null, after: { number: '4', name: 'Dan', grade: 1 } },
      ])
    })

    test('deletes what is gone, however many come in its place', async () => {
      await harness.begin(company)
      for (const numbers of ['1 2 3', '1 4', '5 6', '6']) {
        await harness.deliver('hr', { Person: ['n', ...numbers.split(' ')].join('\n') })
        const stored = (await resourcesOf(harness, 'Person')).map(({ number }) => number)
        expect(stored.sort().join(' ')).toBe(numbers)
      }
    })

    test('leaves a resource and its links as they are when its row is rejected', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members, Seat: 'p,u\n1,X' })
      // That some are rejected now is remembered of each mapping.
      const kept = async () => ({ ...(await rowVersions(harness)), sluice_stored: [] })
      const before = await kept()
      const report = await harness.deliver('hr', {
        Person: people.replace('2,Bob,3,1', '2,Rob,three,3'),
        Membership: members.replace('29/02/2024', '29/02/2023'),
      })
      expect(report.entities[0]?.rows).toMatchObject({ read: 3, rejected: 1, unchanged: 2 })
      expect(report.associations[0]?.rows).toMatchObject({ read: 3, rejected: 1, unchanged: 2 })
      expect(await kept()).toEqual(before)
      const rejected: unknown[] = []
      for await (const row of harness.repository.rejectedRows(report.run ?? 0)) rejected.push(row)
      expect(rejected).toMatchObject([
        {
          mapping: 'Person',
          file: 'people.csv',
          line: null,
          key: '2',
          column: 'grade',
          value: 'three',
          reason: 'not a whole number',
        },
        {
          mapping: 'Membership',
          file: 'members.csv',
          line: null,
          key: '2 → Y',
          column: 'since',
          value: '29/02/2023',
          reason: 'not a date in the form dd/MM/yyyy',
        },
      ])
    })

    test('rejects a row that leaves out what is required, references included', async () => {
      await harness.begin(
        company.replace(
          'unit: { type: reference, to: Unit }',
          'unit: { type: reference, to: Unit, required: true }',
        ),
      )
      const report = await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X\n2,Bob,', Unit: units })
      expect(report.entities[0]?.rows).toMatchObject({ read: 2, rejected: 1, inserted: 1 })
      expect(await harness.rows('select key, column_name, reason from sluice_rejected_row')).toEqual([
        { key: '2', column_name: 'u', reason: 'a value is required' },
      ])
    })

    test('rejects what is too long to be looked up, and keeps it elsewhere', async () => {
      await harness.begin(company)
      const long = Array.from({ length: 4000 }, (_, index) =>
        String.fromCharCode(0x4e00 + ((index * 7919) % 20000)),
      ).join('')
      const report = await harness.deliver('hr', {
        Person: [
          { n: '1', name: 'Ann' },
          { n: long, name: 'Bob' },
          { n: '3', name: long },
          { n: '4', name: 'Dan', m: long },
        ],
        Membership: [{ p: '1', u: long }],
      })
      expect(report.entities[0]?.rows).toMatchObject({ read: 4, rejected: 3, inserted: 1 })
      expect(report.associations[0]?.rows).toMatchObject({ read: 1, rejected: 1 })
      expect(await harness.deliver('hr', { Unit: [{ c: 'X', name: long }] })).toMatchObject({
        state: 'applied',
      })
    })

    test('takes nobody for deleted whose row could not be read', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members, Seat: 'p,u\n1,X\n2,X' })
      const report = await harness.deliver(
        'hr',
        {
          Person: 'n,name,grade,m,u,s\n1,Ann,7,,X,',
          Membership: 'p,u,since\n1,X,01/02/2020',
          Seat: 'p,u\n1,Y',
        },
        {
          unreadable: [
            { mapping: 'Person', fields: ['2', 'Bob', '9', '1', 'X', 'too', 'many'] },
            { mapping: 'Membership', fields: ['2', 'Y', '', 'many'] },
            { mapping: 'Seat', fields: ['1', 'X', 'many'] },
            { mapping: 'Seat', fields: ['2', 'X', 'many'] },
          ],
        },
      )
      expect(report.entities[0]).toMatchObject({
        rows: { read: 2, rejected: 1, unchanged: 1 },
        changes: { deleted: 1 },
        withheld: 1,
      })
      expect(report.associations).toMatchObject([
        { rows: { read: 2, rejected: 1 }, withheld: 1, changes: { deleted: 1 } },
        { withheld: 1, changes: { inserted: 1, deleted: 1 } },
      ])
      expect((await resourcesOf(harness, 'Person')).map(({ name }) => name)).toEqual(['Ann', 'Bob'])
      expect(await linksOf(harness, 'Membership')).toEqual([
        'Ann > Ideas, since 2020-02-01',
        'Bob > Sales, since 2024-02-29',
      ])
      expect(await linksOf(harness, 'Seat')).toEqual(['Ann > Sales', 'Bob > Ideas'])
    })

    test('takes for deleted what an unreadable row of another mapping seems to name', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units })
      const unreadable = [{ mapping: 'Unit', fields: ['3', 'Cid'] }]
      const report = await harness.deliver(
        'hr',
        { Person: 'n,name,grade,m,u,s\n1,Ann,7,,X,\n2,Bob,3,1,X,Ideas' },
        { unreadable },
      )
      expect(report.entities[0]).toMatchObject({ changes: { deleted: 1 }, withheld: 0 })
      expect(await resourcesOf(harness, 'Person')).toHaveLength(2)
    })

    test('lets nobody answer to a name that two answer to', async () => {
      await harness.begin(company)
      await harness.deliver('hr', {
        Person: 'n,name,s\n1,Ann,Ideas\n2,Bob,Works',
        Unit: 'c,name\nX,Ideas\nY,Works',
      })
      await harness.deliver('hr', { Person: 'n,name,s\n1,Ann,Ideas\n2,Bob,Works\n3,Ideas,' })
      expect(await orphansOf(harness)).toEqual(['Person.sponsor = Ideas'])
      await harness.deliver('hr', { Unit: 'c,name\nX,Other\nY,Works' })
      expect(await resourcesOf(harness, 'Person')).toMatchObject([
        { sponsor: 'Ideas' },
        { sponsor: 'Works' },
        {},
      ])
      expect(await orphansOf(harness)).toEqual([])
    })

    test('makes a deleted and re-created target a new one, to which everything points again', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members })
      await harness.deliver('hr', { Unit: 'c,name,h\nY,Sales,' })
      expect(await orphansOf(harness)).toEqual([
        'Membership 1 > X',
        'Membership 2 > X',
        'Person.sponsor = Ideas',
        'Person.unit = X',
        'Person.unit = X',
      ])
      await harness.deliver('hr', { Unit: units })
      expect(await resourcesOf(harness, 'Person')).toMatchObject([
        { unit: 'Ideas' },
        { unit: 'Ideas', sponsor: 'Ideas' },
        {},
      ])
      expect(await linksOf(harness, 'Membership')).toHaveLength(3)
      expect(await orphansOf(harness)).toEqual([])
      expect(await contradictions(harness)).toEqual([])
    })

    test('moves the one link of an end, and changes the properties of a link', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members, Seat: 'p,u\n1,X\n2,Y' })
      const report = await harness.deliver('hr', {
        Membership: members.replace('01/02/2020', '02/02/2020'),
        Seat: 'p,u\n1,Y\n2,X',
      })
      expect(report.associations.map(({ changes }) => changes)).toEqual([
        { inserted: 0, updated: 1, deleted: 0 },
        { inserted: 2, updated: 0, deleted: 2 },
      ])
      expect(await linksOf(harness, 'Seat')).toEqual(['Ann > Sales', 'Bob > Ideas'])
    })

    test('keeps what the source said of a link whose row is rejected: it waits and is made as all are', async () => {
      await harness.begin(company)
      await harness.deliver('hr', {
        Person: people,
        Unit: units,
        Membership: 'p,u,since\n1,X,01/02/2020\n2,Z,',
      })
      const bad = 'p,u,since\n1,X,some day\n2,Z,some day\n3,Y,some day'
      const arrives = { Unit: `${units.replace('  X,Ideas,3\n', '')}\n  Z,Works,`, Membership: bad }
      const report = await harness.deliver('hr', arrives)
      expect(report.associations[0]).toMatchObject({
        changes: { inserted: 1, updated: 0, deleted: 1 },
        rows: { rejected: 3 },
        withheld: 0,
      })
      expect(await linksOf(harness, 'Membership')).toEqual(['Bob > Works'])
      expect((await orphansOf(harness)).filter((orphan) => orphan.startsWith('M'))).toEqual([
        'Membership 1 > X',
      ])
      await harness.deliver('hr', { Unit: units, Membership: bad })
      expect(await linksOf(harness, 'Membership')).toEqual(['Ann > Ideas, since 2020-02-01'])
    })

    test('repairs what another writer edited, deleted or inserted, and says so', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members, Seat: 'p,u\n1,X' })
      const persons = await resourcesOf(harness, 'Person')
      await harness.execute(`
      update person set grade = 99, manager_id = null where number = '2';
      delete from person where number = '3';
      insert into unit (code, name) values ('Z', 'Alien');
      update unit set name = 'Vandals' where code = 'Y';
      delete from membership where since is null;
      update membership set since = '1999-01-01';
      insert into seat (source_id, from_id, to_id) select l.source_id, p.resource_id, l.to_id from seat l, person p where p.number = '2'`)
      const report = await harness.deliver('hr')
      expect(report.entities.map(({ changes }) => changes)).toEqual([
        { inserted: 1, updated: 1, deleted: 0 },
        { inserted: 0, updated: 1, deleted: 1 },
      ])
      expect(report.associations.map(({ changes }) => changes)).toEqual([
        { inserted: 1, updated: 2, deleted: 0 },
        { inserted: 0, updated: 0, deleted: 1 },
      ])
      expect(new Set(await resourcesOf(harness, 'Person'))).toEqual(new Set(persons))
      expect(await linksOf(harness, 'Seat')).toEqual(['Ann > Ideas'])
      expect(await contradictions(harness)).toEqual([])
      const versions = await rowVersions(harness)
      await harness.deliver('hr')
      expect(await rowVersions(harness)).toEqual(versions)
    })

    test('finds the targets of references again that another writer has renamed together with doubles of them', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units })
      await harness.execute(
        `insert into unit (code, name) values ('X', 'Ideas'); update unit set code = 'Q' where code = 'X'`,
      )
      await harness.deliver('hr')
      expect(await resourcesOf(harness, 'Person')).toMatchObject([{ unit: 'Ideas' }, { unit: 'Ideas' }, {}])
      expect(await orphansOf(harness)).toEqual([])
    })

    test('adopts what somebody has entered by hand before the source named it, the first of several, and no more', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Unit: units })
      await harness.execute(
        `insert into unit (code, name) values ('Z', 'Works'), ('V', 'Web'), ('Z', 'Double'), (null, 'Nameless')`,
      )
      const ids = () =>
        harness.rows<{ code: string; id: string }>(
          'select code, resource_id::text as id from unit order by resource_id',
        )
      const idOf = async (code: string) => (await ids()).find((unit) => unit.code === code)?.id
      const byHand = [await idOf('Z'), await idOf('V')]
      const report = await harness.deliver('hr', { Unit: `${units}\n  W,New,\n  Z,Factory,\n  V,Web,` })
      expect(report.entities[1]).toMatchObject({
        rows: { inserted: 1, updated: 1, unchanged: 3 },
        changes: { inserted: 1, updated: 1, deleted: 2 },
      })
      expect([await idOf('Z'), await idOf('V')]).toEqual(byHand)
      expect((await resourcesOf(harness, 'Unit')).map(({ name }) => name)).toEqual([
        'Ideas',
        'Sales',
        'Factory',
        'Web',
        'New',
      ])
    })

    test('adopts nothing that a row stands for, whatever key somebody has given to it', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Unit: units })
      await harness.execute(
        `insert into unit (code, name) values ('Q', 'Stray'); update unit set code = 'Z' where code = 'X'`,
      )
      const report = await harness.deliver('hr', { Unit: `${units}\n  Z,Works,` })
      expect(report.entities[1]?.changes).toEqual({ inserted: 1, updated: 1, deleted: 1 })
      expect(await resourcesOf(harness, 'Unit')).toMatchObject([
        { code: 'X', name: 'Ideas' },
        { code: 'Y', name: 'Sales' },
        { code: 'Z', name: 'Works' },
      ])
      expect(await contradictions(harness)).toEqual([])
    })

    test('lets go of what was deleted by hand when its source drops it, too', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Person: people, Unit: units, Membership: members })
      await harness.execute(`delete from person where number = '3'`)
      await harness.deliver('hr', { Person: people.replace('3,Cid,,2,Y,Ann', '') })
      expect(await orphansOf(harness)).toEqual(['Unit.head = 3'])
      expect(await contradictions(harness)).toEqual([])
    })

    test('repairs drift of a kept resource as soon as its row can be read again', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Unit: units, Person: people })
      await harness.execute(`update person set name = 'Nobody' where number = '1'`)
      await harness.deliver('hr', { Person: people.replace('1,Ann,7', '1,Ann,seven') })
      await harness.deliver('hr', { Person: people })
      expect(await resourcesOf(harness, 'Person')).toMatchObject([{ name: 'Ann' }, {}, {}])
    })

    test('compares everything once after the repository was moved to a younger server', async () => {
      await harness.begin(company)
      await harness.deliver('hr', { Unit: units })
      // By now an edit may carry the number of a transaction that was verified on the old server.
      await harness.execute(`insert into sluice_known_transaction values ('Unit', '1000000000', null)`)
      await harness.deliver('hr')
      expect(await harness.rows('select from sluice_known_transaction where age(xid) < 0')).toEqual([])
    })

    test.each([
      [198, 0],
      [199, 199],
      [398, 0],
    ])('of %i transactions that left nothing remembers %i', async (found, left) => {
      await harness.begin(company)
      await harness.deliver('hr', { Unit: units })
      const old = `entity_type = 'Unit' and xid::text::bigint <= ${found + 2}`
      await harness.execute(
        `insert into sluice_known_transaction select 'Unit', n::text::xid from generate_series(3, ${found + 2}) n`,
      )
      await harness.deliver('hr', { Unit: units.replace('Sales', 'Markets') })
      expect(await harness.rows(`select from sluice_known_transaction where ${old}`)).toHaveLength(left)
    })
  },
  servers,
)
