import { describe, expect, test } from 'vitest'
import { type DatabaseKind, databases, openTestDatabase } from '../../../../test/databases.ts'
import { kindsOf } from '../../../../test/thoroughness.ts'
import { configurationOf } from '../../test/configuration.ts'
import { prune } from '../prune-and-keep.ts'
import { type Repository, repositoryOn } from '../repository.ts'
import { parseSort } from './page-order.ts'
import { parseCondition } from './parse-condition.ts'
import type { ResourceQuery } from './read-types.ts'

const configuration = configurationOf(`
entityTypes:
  Party:
    abstract: true
    display: name
    properties: { name: string }
  Person:
    extends: Party
    properties:
      staffNumber: string
      grade: integer
      salary: decimal
      hired: date
      seen: datetime
      active: boolean
      status: { type: enum, values: [active, left] }
      manager: { type: reference, to: Person }
      photo: file
  Department: { extends: Party, properties: { code: string } }
associations:
  Membership: { from: Person, to: Department, properties: { since: date } }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: people.csv
        key: staffNumber
        properties: { staffNumber: id, name: name, grade: grade, manager: { column: boss, by: staffNumber } }
      Department: { file: departments.csv, key: code, properties: { code: code, name: name } }
    associations:
      Membership: { file: members.csv, from: { column: p, by: staffNumber }, to: { column: d, by: code } }
  payroll:
    folder: .
    entities:
      Person: { file: pay.csv, key: staffNumber, properties: { staffNumber: id, salary: pay } }
`)

const report = {
  run: null,
  cause: 'delivery',
  by: { kind: 'schedule', name: 'nightly' },
  delivery: '6f1c4b0e-0000-4000-8000-000000000001',
  source: 'hr',
  mode: 'complete',
  state: 'held',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  entities: [],
  associations: [],
  exceeded: [],
  stages: [{ stage: 'apply', milliseconds: 3 }],
  notes: ['a note'],
  error: null,
}

const data = `
  insert into department (resource_id, name, code, _created_run) values (1, 'Sales', 'S', 1), (2, 'Ideas', 'I', 1);
  insert into person (resource_id, name, staff_number, grade, salary, hired, seen, active, status, manager_id,
                      photo, photo_filename, photo_mediatype, _created_run, _changed_run)
    values
      (11, 'Änn', 'A', 7, 1000.50, '2020-02-29', '2026-01-01 10:00:00Z', true, 'active', null, '\\x0102', 'ann.png', 'image/png', 1, 2),
      (12, 'Bob', 'B', null, null, null, null, false, 'left', 11, null, null, null, 1, null),
      (13, 'Bob', 'C', 9007199254740993, null, null, null, null, null, 99, null, null, null, 2, null);
  insert into membership (source_id, from_id, to_id, since)
    select source_id, f, t, '2020-01-01'::date + f
    from sluice_source, (values (11, 1), (11, 2), (12, 1)) as v (f, t) where name = 'hr';
  insert into replica_hr_person (key, resource_id) values ('A', 11), ('B', 12), ('C', 13);
  insert into replica_payroll_person (key, resource_id) values ('pay-1', 11);
  insert into sluice_run (cause, by_kind, by_name, delivery_id, source_id, mode, state, started_at, finished_at, report)
    select 'delivery', 'schedule', 'nightly', '6f1c4b0e-0000-4000-8000-000000000001', source_id, 'complete', state, at, at, report
    from sluice_source, (values
      ('applied', timestamptz '2026-01-01Z', null::jsonb),
      ('applied', '2026-01-02Z', null),
      ('rejected', '2026-01-03Z', '${JSON.stringify(report)}'::jsonb)) as v (state, at, report)
    where name = 'hr';
  insert into sluice_history (run_id, entity_type, resource_id, operation, key, before, after) values
    (2, 'Person', 11, 'update', 'A', '{"grade": 6}', '{"grade": 7}'),
    (3, 'Person', 20, 'delete', 'Z', '{"name": "Gone"}', null);
  insert into sluice_orphan_reference (source_id, entity_type, resource_id, property, value)
    select source_id, 'Person', 13, 'manager', 'nobody' from sluice_source where name = 'hr';
  insert into sluice_rejected_row (run_id, mapping, file, line, key, column_name, value, reason)
    select 3, 'Person', 'people.csv', n, 'K' || n, 'grade', 'x', 'not a whole number' from generate_series(1, 12000) n;
`

async function openFilled(kind: DatabaseKind): Promise<Repository> {
  const repository = await repositoryOn(await openTestDatabase(kind))
  await repository.evolve(configuration)
  await repository.database.session((session) => session.execute(data))
  return repository
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe.each(kindsOf('readers', databases))('readers on %s', (kind) => {
  test('say how well a type is known: what has values, what has no target, what goes back and forth', async () => {
    await using repository = await openFilled(kind)
    await repository.database.session((session) =>
      session.execute(`
        update sluice_run set started_at = now() - interval '1 day' where run_id > 1;
        insert into sluice_history (run_id, entity_type, resource_id, operation, before, after) values
          (2, 'Person', 12, 'update', '{"status": "left"}', '{"status": "active"}'),
          (3, 'Person', 12, 'update', '{"status": "active"}', '{"status": "left"}'),
          (4, 'Person', 12, 'update', '{"status": "left"}', '{"status": "active"}'),
          (2, 'Person', 13, 'update', '{"grade": 1}', '{"grade": 2}'),
          (3, 'Person', 13, 'update', '{"grade": 2}', '{"grade": 3}'),
          (4, 'Person', 13, 'update', '{"grade": 3}', '{"grade": 4}')`),
    )
    const { resources, properties } = await repository.quality('Person')
    expect(resources).toBe(3)
    const of = Object.fromEntries(properties.map(({ property, ...counts }) => [property, counts]))
    expect(of['name']).toEqual({ required: false, filled: 3, orphans: 0, flapping: 0 })
    expect(of['status']).toEqual({ required: false, filled: 2, orphans: 0, flapping: 1 })
    expect(of['grade']).toMatchObject({ filled: 2, flapping: 0 })
    expect(of['manager']).toMatchObject({ filled: 2, orphans: 1 })
    expect(await repository.quality('Party')).toMatchObject({
      resources: 5,
      properties: [{ property: 'name', filled: 5 }],
    })
    const [restless, ...others] = await repository.flapping('Person', { property: 'status' })
    expect(others).toEqual([])
    expect(restless).toMatchObject({ resourceId: '12', changes: 3, cursor: '12' })
    expect(restless?.written.map(({ run, value }) => `${run} ${value}`)).toEqual([
      '4 active',
      '3 left',
      '2 active',
    ])
    expect(await repository.flapping('Person', { property: 'status', cursor: '12' })).toEqual([])
    expect(await repository.flapping('Person', { property: 'grade' })).toEqual([])
    await expect(repository.flapping('Person', { property: 'hat' })).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-12',
    })
  })

  test('keep how well each type is known, once a day and two years long', async () => {
    await using repository = await openFilled(kind)
    const { database } = repository
    expect(await repository.qualityHistory('Person', 90)).toEqual([])
    await prune(database, configuration.retention, { dryRun: true })
    expect(await repository.qualityHistory('Person', 90)).toEqual([])
    await database.session((session) =>
      session.execute(`insert into sluice_quality values
        ('Person', current_date - 900, 1, '{}'), ('Person', current_date - 100, 7, '{"name": [6, 1, 0]}')`),
    )
    await prune(database, configuration.retention)
    await database.session((session) => session.execute("update person set grade = 7, name = 'x'"))
    await prune(database, configuration.retention)
    const days = await repository.qualityHistory('Person', 800)
    expect(days.map(({ resources }) => resources)).toEqual([7, 3])
    expect(days[0]?.properties).toEqual([{ property: 'name', filled: 6, orphans: 1, flapping: 0 }])
    expect(days[1]?.properties).toContainEqual({ property: 'manager', filled: 2, orphans: 1, flapping: 0 })
    expect(days[1]?.properties).toContainEqual({ property: 'grade', filled: 2, orphans: 0, flapping: 0 })
    expect((await repository.qualityHistory('Person', 90)).map(({ resources }) => resources)).toEqual([3])
    const kept = await database.session((session) =>
      session.query('select count(*)::int as n from sluice_quality'),
    )
    expect(kept.rows).toEqual([{ n: 4 }])
  })

  test('give resources by property names, with references shown and counted values typed', async () => {
    await using repository = await openFilled(kind)
    const [ann, bob, late] = await all(repository.resources('Person'))
    expect(ann).toEqual({
      cursor: '11',
      resourceId: '11',
      entityType: 'Person',
      values: {
        name: 'Änn',
        staffNumber: 'A',
        grade: 7,
        salary: '1000.50',
        hired: '2020-02-29',
        seen: '2026-01-01T10:00:00Z',
        active: true,
        status: 'active',
        manager: null,
        photo: { name: 'ann.png', mediaType: 'image/png', size: 2 },
      },
      references: {},
    })
    expect(bob).toMatchObject({ values: { manager: 'Änn', photo: null }, references: { manager: '11' } })
    expect(late).toMatchObject({
      values: { grade: '9007199254740993', manager: '99' },
      references: { manager: '99' },
    })
    const parties = await all(repository.resources('Party', { columns: ['name'], limit: 3 }))
    expect(parties.map(({ entityType, values }) => [entityType, values])).toEqual([
      ['Department', { name: 'Sales' }],
      ['Department', { name: 'Ideas' }],
      ['Person', { name: 'Änn' }],
    ])
    const rest = await all(repository.resources('Party', { columns: [], after: '11' }))
    expect(rest.map(({ resourceId }) => resourceId)).toEqual(['12', '13'])
  })

  test('filter by every type of value', async () => {
    await using repository = await openFilled(kind)
    const ids = async (...conditions: readonly string[]) =>
      (
        await all(
          repository.resources('Person', { where: conditions.map(parseCondition), columns: ['name'] }),
        )
      )
        .map(({ resourceId }) => resourceId)
        .join(' ')
    expect(await ids('name=Bob')).toBe('12 13')
    expect(await ids('name~ÄN')).toBe('11')
    expect(await ids('name~oB')).toBe('12 13')
    expect(await ids('name~%')).toBe('')
    expect(await ids('name != Bob')).toBe('11 12 13')
    expect(await ids('name!=Bob')).toBe('11')
    expect(await ids('status!=left')).toBe('11 13')
    expect(await ids('grade>=7', 'grade<100')).toBe('11')
    expect(await ids('salary<1000.6')).toBe('11')
    expect(await ids('hired>2020-02-28')).toBe('11')
    expect(await ids('seen<=2026-01-01T12:00:00+02:00')).toBe('11')
    expect(await ids('active=false')).toBe('12')
    expect(await ids('manager=Änn')).toBe('12')
    expect(await ids('photo is not null')).toBe('11')
    expect(await ids('grade is null')).toBe('12')
  })

  test('say what is wrong with a question', async () => {
    await using repository = await openFilled(kind)
    const ask = (type: string, ...conditions: readonly string[]) =>
      all(repository.resources(type, { where: conditions.map(parseCondition) }))
    const asked = [
      () => ask('person'),
      () => ask('Person', 'wage=1'),
      () => ask('Person', 'grade=high'),
      () => ask('Person', 'hired=2026-02-30'),
      () => ask('Person', 'status=gone'),
      () => ask('Person', 'photo=x'),
      () => all(repository.links('Friendship')),
    ]
    const messages = await Promise.all(
      asked.map((each) => each().then(String, (error: Error) => error.message)),
    )
    expect(messages).toEqual([
      'The repository has no entity type "person"; there are Party, Person, Department.',
      'The repository has no property "wage"; there are name, staffNumber, grade, salary, hired, seen, active, status, manager, photo.',
      'The condition "grade=high" is not valid: "high" is not a whole number.',
      'The condition "hired=2026-02-30" is not valid: "2026-02-30" is not on the calendar.',
      'The condition "status=gone" is not valid: "gone" is none of active, left.',
      'The condition "photo=x" is not valid: a file can only be tested with is null and is not null.',
      'The repository has no association "Friendship"; there are Membership.',
    ])
  })

  test('give links with what their ends are called', async () => {
    await using repository = await openFilled(kind)
    const links = await all(repository.links('Membership'))
    expect(links[0]).toEqual({
      cursor: '1-11-1',
      fromId: '11',
      from: 'Änn',
      toId: '1',
      to: 'Sales',
      source: 'hr',
      properties: { since: '2020-01-12' },
    })
    expect(links).toHaveLength(3)
    const some = await all(
      repository.links('Membership', {
        where: ['to=Sales', 'since>2020-01-12', 'source=hr'].map(parseCondition),
      }),
    )
    expect(some.map(({ from }) => from)).toEqual(['Bob'])
  })

  test('read more resources and links than a page holds, each once', async () => {
    await using repository = await openFilled(kind)
    await repository.database.session((session) =>
      session.execute(`
        insert into department (resource_id, name) select 1000 + n, 'D' from generate_series(1, 12000) n;
        insert into membership (source_id, from_id, to_id)
          select (select min(source_id) from sluice_source), 11 + n % 2, 1000 + n from generate_series(1, 12000) n`),
    )
    const ids = (await all(repository.resources('Party', { columns: [] }))).map(({ resourceId }) =>
      Number(resourceId),
    )
    expect(ids).toHaveLength(12_005)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    expect(new Set((await all(repository.links('Membership'))).map(({ toId }) => toId)).size).toBe(12_002)
  })

  test.each([
    ['name', ['Bob', 'Bob', 'Änn']],
    ['-name', ['Änn', 'Bob', 'Bob']],
    ['-grade,name', undefined],
    ['manager,-name', undefined],
    ['active,-hired,seen', undefined],
  ])(
    'give resources in the order of %s, page by page, whatever is written meanwhile',
    async (sort, names) => {
      await using repository = await openFilled(kind)
      const query = { sort: parseSort(sort) }
      const whole = await all(repository.resources('Person', query))
      if (names !== undefined) expect(whole.map(({ values }) => values['name'])).toEqual(names)
      const pages: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await all(repository.resources('Person', { ...query, cursor, limit: 1 }))
        const [last] = page
        if (last === undefined) break
        pages.push(last.resourceId)
        cursor = last.cursor
      }
      expect(pages).toEqual(whole.map(({ resourceId }) => resourceId))
      expect(new Set(pages).size).toBe(whole.length)
    },
  )

  test('give in an order what stays, and leave out what goes while they are read', async () => {
    await using repository = await openFilled(kind)
    const change = (text: string) => repository.database.session((session) => session.execute(text))
    await change(`insert into person (resource_id, name, _created_run)
      select n, 'Z' || lpad(n::text, 4, '0'), 1 from generate_series(1001, 2500) n`)
    const names: unknown[] = []
    for await (const { values } of repository.resources('Person', { sort: parseSort('name') })) {
      names.push(values['name'])
      if (names.length === 1)
        await change(`delete from person where resource_id in (1500, 2400);
          update person set name = 'A' where resource_id = 1600`)
    }
    const stays = Array.from({ length: 1500 }, (_, index) => `Z${1001 + index}`).filter(
      (name) => name !== 'Z1500' && name !== 'Z2400',
    )
    expect(names).toEqual(['Bob', 'Bob', ...stays.map((name) => (name === 'Z1600' ? 'A' : name)), 'Änn'])
  })

  test('give links page by page, behind the cursor of the last', async () => {
    await using repository = await openFilled(kind)
    const whole = await all(repository.links('Membership', { limit: 7 }))
    const behind = await all(repository.links('Membership', { limit: 4, cursor: whole[2]?.cursor }))
    expect(behind).toEqual(whole.slice(3))
    await expect(all(repository.links('Membership', { cursor: '1-x' }))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-23',
    })
  })

  test('refuse a cursor that is none, or of another order, and an order that there is not', async () => {
    await using repository = await openFilled(kind)
    const first = async (query: ResourceQuery) =>
      await all(repository.resources('Person', { ...query, limit: 1 }))
    const [found] = await first({ sort: [{ property: 'name' }] })
    await expect(first({ cursor: 'x' })).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-23' })
    await expect(first({ cursor: found?.cursor })).rejects.toThrow('it was given for the order "name"')
    await expect(first({ sort: [{ property: 'colour' }] })).rejects.toMatchObject({ status: 400 })
    await expect(first({ sort: [{ property: 'photo' }] })).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-24',
    })
  })

  test('give one resource with its version, which is another one with every write', async () => {
    await using repository = await openFilled(kind)
    const version = async () => (await repository.resource('Party', '11'))?.version
    const before = await version()
    expect(await repository.resource('Person', '11')).toMatchObject({ entityType: 'Person', version: before })
    await repository.database.session((session) =>
      session.execute(`update person set grade = 8 where resource_id = 11`),
    )
    expect(await version()).not.toBe(before)
    await repository.database.session((session) =>
      session.execute(`update person set grade = 7 where resource_id = 11`),
    )
    expect(await version()).toBe(before)
    for (const id of ['4711', 'x']) expect(await repository.resource('Person', id)).toBeUndefined()
    expect(await repository.resource('Department', '11')).toBeUndefined()
  })

  test('explain a resource: rows, owners of values, links, history', async () => {
    await using repository = await openFilled(kind)
    const found = await repository.explain('Person', 'A')
    expect(found).toMatchObject({
      resourceId: '11',
      entityType: 'Person',
      display: 'Änn',
      deleted: null,
      replicas: [
        { source: 'hr', key: 'A' },
        { source: 'payroll', key: 'pay-1' },
      ],
      links: [
        {
          association: 'Membership',
          end: 'from',
          count: 2,
          first: [
            { resourceId: '1', display: 'Sales', source: 'hr' },
            { resourceId: '2', display: 'Ideas' },
          ],
        },
      ],
      alsoMatching: [],
    })
    const value = (property: string) => found?.values.find((each) => each.property === property)
    expect(value('grade')).toEqual({
      property: 'grade',
      value: 7,
      referenceId: null,
      orphan: null,
      source: 'hr',
      lockedBy: 'hr',
      claims: [],
      run: 2,
      at: '2026-01-02T00:00:00Z',
      by: null,
    })
    expect(value('name')).toMatchObject({ source: 'hr', run: 1, at: '2026-01-01T00:00:00Z' })
    expect(value('salary')).toMatchObject({ source: 'payroll' })
    expect(value('staffNumber')).toMatchObject({ source: null })
    expect(
      found?.history.map(({ operation, run, before, after }) => ({ operation, run, before, after })),
    ).toEqual([
      { operation: 'update', run: 2, before: { grade: 6 }, after: { grade: 7 } },
      { operation: 'insert', run: 1, before: null, after: null },
    ])
    expect(await repository.history('11')).toEqual(found?.history)
  })

  test('find a resource by the key of any source, by name, by id, and remember deleted ones', async () => {
    await using repository = await openFilled(kind)
    const id = async (type: string, key: string) => (await repository.explain(type, key))?.resourceId
    expect(await id('Person', 'pay-1')).toBe('11')
    expect(await id('Party', 'Sales')).toBe('1')
    expect(await id('Person', '13')).toBe('13')
    expect(await id('Department', '13')).toBeUndefined()
    expect(await repository.explain('Party', 'Bob')).toMatchObject({ resourceId: '12', alsoMatching: ['13'] })
    expect(await repository.explain('Person', 'Z')).toMatchObject({
      resourceId: '20',
      deleted: { run: 3, at: '2026-01-03T00:00:00Z' },
      history: [{ operation: 'delete', before: { name: 'Gone' } }],
    })
    const orphan = (await repository.explain('Person', 'C'))?.values.find(
      ({ property }) => property === 'manager',
    )
    expect(orphan).toMatchObject({ orphan: 'nobody' })
  })

  test('give runs as they were reported, in the state they are in now', async () => {
    await using repository = await openFilled(kind)
    const runs = await repository.runs({ source: 'hr', limit: 2 })
    expect(runs.map(({ run, state }) => [run, state])).toEqual([
      [3, 'rejected'],
      [2, 'applied'],
    ])
    expect(await repository.run(3)).toEqual({
      ...report,
      run: 3,
      state: 'rejected',
      finishedAt: '2026-01-03T00:00:00Z',
      // Reports that were written before there were such things.
      drift: null,
      decision: null,
      replacedBy: null,
    })
    expect(await repository.run(4)).toBeUndefined()
    expect(await repository.runs({ source: 'payroll' })).toEqual([])
    const rejected = await all(repository.rejectedRows(3))
    expect(rejected).toHaveLength(12_000)
    expect(rejected[0]).toEqual({
      cursor: expect.any(String),
      mapping: 'Person',
      file: 'people.csv',
      line: 1,
      key: 'K1',
      column: 'grade',
      value: 'x',
      reason: 'not a whole number',
    })
  })

  test('give rejected rows page by page, behind the cursor of the last one', async () => {
    await using repository = await openFilled(kind)
    const whole = await all(repository.rejectedRows(3))
    const first = await all(repository.rejectedRows(3, { limit: 5000 }))
    const second = await all(repository.rejectedRows(3, { limit: 5000, cursor: first.at(-1)?.cursor }))
    const third = await all(repository.rejectedRows(3, { limit: 5000, cursor: second.at(-1)?.cursor }))
    expect([...first, ...second, ...third]).toEqual(whole)
    expect(await all(repository.rejectedRows(3, { cursor: whole.at(-1)?.cursor }))).toEqual([])
    await expect(all(repository.rejectedRows(3, { cursor: '(0,1)' }))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-23',
    })
  })

  test('give deliveries page by page, those that were announced before the last one', async () => {
    await using repository = await openFilled(kind)
    const ids = Array.from({ length: 5 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`)
    await repository.database.session((session) =>
      session.execute(
        ids
          .map(
            (id, n) => `insert into sluice_delivery (delivery_id, source_id, mode, state, by_kind, by_name)
              select '${id}', source_id, 'complete', '${n === 2 ? 'announced' : 'cancelled'}', 'token', 'grace' from sluice_source where name = 'hr';`,
          )
          .join(''),
      ),
    )
    const listed = async (query: Parameters<typeof repository.deliveries>[0]) =>
      (await repository.deliveries({ source: 'hr', ...query })).map(({ delivery }) => Number(delivery.at(-1)))
    expect(await listed({ limit: 2 })).toEqual([4, 3])
    expect(await listed({ limit: 2, before: ids[3] })).toEqual([2, 1])
    expect((await listed({ limit: 50, before: ids[1] }))[0]).toBe(0)
    expect(await listed({ open: true, before: ids[3] })).toEqual([2])
    expect(await listed({ before: '00000000-0000-4000-8000-0000000000ff' })).toEqual([])
  })
})
