import { emptyModel, storedModelOf } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeEachDatabase, openTestDatabase } from '../../../../test/databases.ts'
import { configurationOf } from '../../test/configuration.ts'
import type { Database } from '../database/database.ts'
import { migrate } from '../migrations/migrate.ts'
import { compiled } from '../sql/statement.ts'
import { evolve, modelLock, planEvolution } from './evolve.ts'

const startText = `
entityTypes:
  Party:
    abstract: true
    display: name
    properties: { name: string }
  Person:
    extends: Party
    properties:
      staffNumber: { type: string, required: true }
      grade: integer
      status: { type: enum, values: [active, left] }
      department: { type: reference, to: Department }
      photo: file
  Department:
    extends: Party
    properties: { code: string }
associations:
  Membership: { from: Person, to: Department, cardinality: many-to-one, properties: { since: date } }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: people.csv
        key: staffNumber
        properties: { staffNumber: id, name: name, grade: grade, status: status, department: { column: dep, by: code } }
      Department: { file: departments.csv, key: code, properties: { code: code, name: name } }
    associations:
      Membership: { file: members.csv, from: { column: p, by: staffNumber }, to: { column: d, by: code } }
`
const start = configurationOf(startText)

/** The start again, with parts of the text replaced. */
function changed(...replacements: readonly (readonly [from: string, to: string])[]) {
  let text = startText
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`The start has no ${from}`)
    text = text.replace(from, to)
  }
  return configurationOf(text)
}

const data = `
  insert into department (resource_id, name, code) values (1, 'Sales', 'S'), (2, 'Ideas', 'I');
  insert into person (resource_id, name, staff_number, grade, status, department_id)
    values (11, 'Ann', 'A', 7, 'active', 1), (12, 'Bob', 'B', null, 'left', 2);
  insert into membership (source_id, from_id, to_id, since)
    select source_id, 11, 1, date '2020-01-01' from sluice_source;
  insert into replica_hr_person (key, resource_id, digest) values ('A', 11, 1), ('B', 12, 2);
`

async function rowsOf(database: Database, text: string) {
  return (await database.session((session) => session.query(text))).rows
}

async function filled(database: Database): Promise<void> {
  await migrate(database)
  await evolve(database, start)
  await database.session((session) => session.execute(data))
}

describeEachDatabase('evolve', (open) => {
  test('makes tables, views, link tables and replicas that hold what the model says', async () => {
    await using database = await open()
    await filled(database)
    expect(await rowsOf(database, 'select entity_type, name from party_all order by name')).toEqual([
      { entity_type: 'Person', name: 'Ann' },
      { entity_type: 'Person', name: 'Bob' },
      { entity_type: 'Department', name: 'Ideas' },
      { entity_type: 'Department', name: 'Sales' },
    ])
    const refused = (text: string) => expect(rowsOf(database, text)).rejects.toThrow(/violates|duplicate/)
    await refused(`update person set status = 'unknown'`)
    await refused(
      'insert into membership (source_id, from_id, to_id) select source_id, 11, 2 from membership',
    )
    expect(
      await rowsOf(database, `insert into person (name) values ('New') returning resource_id > '0' as made`),
    ).toEqual([{ made: true }])
  })

  test('writes nothing when the tables follow the model already', async () => {
    await using database = await open()
    await filled(database)
    const version = () => rowsOf(database, 'select xmin::text, ctid::text, changed_at from sluice_model')
    const before = await version()
    expect(await evolve(database, start)).toEqual({ changes: [], losses: [] })
    expect(await version()).toEqual(before)
  })

  test('carries what only adds in while a server works with the model, and refuses what takes away', async () => {
    await using database = await open()
    await filled(database)
    const server = await database.share(modelLock)
    const more = ['grade: integer', 'grade: integer\n      mail: string'] as const
    const values = ['values: [active, left]', 'values: [active, left, "on leave"]'] as const
    expect((await evolve(database, changed(more, values))).changes).toHaveLength(2)
    const without = evolve(database, start, { allowLoss: true })
    // On PGlite nobody else can be there.
    if (database.kind === 'pglite') expect((await without).changes).toContain('drops property Person.mail')
    else await expect(without).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-19' })
    await server[Symbol.asyncDispose]()
    await evolve(database, start)
    expect(await rowsOf(database, 'select count(*)::int as n from person where grade = 7')).toEqual([
      { n: 1 },
    ])
  })

  test('waits for the run at work, under which no table may change', async () => {
    await using database = await open()
    await filled(database)
    // It has one connection: whoever changes tables comes after the run anyway.
    if (database.kind === 'pglite') return
    const order: string[] = []
    const [began, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const atWork = database.transaction(async (session) => {
      await session.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || ' run', 0))`)
      began.resolve()
      await ends.promise
      order.push('run')
    })
    await began.promise
    const evolving = evolve(database, changed(['grade: integer', 'grade: integer\n      mail: string']))
    const evolved = evolving.then(() => order.push('evolve'))
    const waiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
      and (classid::bigint << 32 | objid::bigint) = hashtextextended(current_schema() || ' run', 0)`
    await expect.poll(() => rowsOf(database, waiting)).toEqual([{ n: 1 }])
    ends.resolve()
    await Promise.all([atWork, evolved])
    expect(order).toEqual(['run', 'evolve'])
  })

  test('takes from links that wait what is not of the model any more', async () => {
    await using database = await open()
    await migrate(database)
    const properties = (text: string) => changed(['properties: { since: date }', `properties: { ${text} }`])
    await evolve(
      database,
      properties('since: date, grade: string, level: { type: enum, values: [low, high] }'),
    )
    await database.session((session) =>
      session.execute(`insert into sluice_orphan_link (source_id, association, from_value, to_value, properties)
        select source_id, 'Membership', 'X' || p.n, 'Y', p.json::jsonb from sluice_source, (values
          (1, '{"since": "2020-01-01", "grade": "A", "level": "low"}'), (2, '{"level": "high"}'), (3, null)) p(n, json)`),
    )
    const waiting = () => rowsOf(database, 'select properties from sluice_orphan_link order by from_value')
    await evolve(
      database,
      properties('since: date, grade: integer, level: { type: enum, values: [high, top] }'),
    )
    expect(await waiting()).toEqual([
      { properties: { since: '2020-01-01' } },
      { properties: { level: 'high' } },
      { properties: null },
    ])
    await evolve(database, properties('grade: integer, level: { type: enum, values: [high, top] }'))
    expect(await waiting()).toEqual([
      { properties: {} },
      { properties: { level: 'high' } },
      { properties: null },
    ])
  })

  test('adds by itself what is new', async () => {
    await using database = await open()
    await filled(database)
    const { changes } = await evolve(
      database,
      changed(
        ['grade: integer', 'grade: integer\n      mail: string'],
        ['values: [active, left]', 'values: [active, left, "on leave"]'],
        ['associations:\n  Membership', 'associations:\n  Likes: { from: Person, to: Party }\n  Membership'],
        ['  Department:\n', '  Robot: { extends: Person }\n  Department:\n'],
      ),
    )
    expect(changes).toEqual([
      'adds association Likes',
      'adds property Person.mail',
      'changes the values of Person.status',
      'adds entity type Robot',
    ])
    await rowsOf(database, `update person set status = 'on leave', mail = 'a@b' where resource_id = 11`)
    expect(await rowsOf(database, `select name, mail from person_all where status = 'on leave'`)).toEqual([
      { name: 'Ann', mail: 'a@b' },
    ])
  })

  test('converts without loss by itself', async () => {
    await using database = await open()
    await filled(database)
    await evolve(database, changed(['grade: integer', 'grade: decimal'], ['since: date', 'since: text']))
    await evolve(database, changed(['grade: integer', 'grade: string'], ['since: date', 'since: string']))
    expect(
      await rowsOf(database, `select grade, since from person join membership on from_id = resource_id`),
    ).toEqual([{ grade: '7', since: '2020-01-01' }])
  })

  test('refuses what would lose data, lists each loss, and changes nothing', async () => {
    await using database = await open()
    await filled(database)
    const next = changed(
      ['      grade: integer\n', ''],
      ['grade: grade, ', ''],
      ['values: [active, left]', 'values: [active]'],
      [
        '  Membership: { from: Person, to: Department, cardinality: many-to-one, properties: { since: date } }',
        '  Other: { from: Person, to: Person }',
      ],
      [
        '      Membership: { file: members.csv, from: { column: p, by: staffNumber }, to: { column: d, by: code } }',
        '      Other: { file: o.csv, from: { column: p, by: staffNumber }, to: { column: q, by: staffNumber } }',
      ],
    )
    await expect(evolve(database, next)).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-09',
      losses: [
        'association Membership would be lost, with 1 link',
        'property Person.grade would be lost, with 1 value',
        '1 value of Person.status would be lost: the enum no longer has them',
      ],
      remedy: expect.stringContaining('sluice model apply --allow-loss'),
    })
    expect(await evolve(database, start)).toEqual({ changes: [], losses: [] })

    await evolve(database, next, { allowLoss: true })
    expect(await rowsOf(database, 'select name, status from person order by name')).toEqual([
      { name: 'Ann', status: 'active' },
      { name: 'Bob', status: null },
    ])
    await expect(rowsOf(database, 'select * from membership')).rejects.toThrow('membership')
  })

  test('asks for nothing where there is nothing to lose', async () => {
    await using database = await open()
    await migrate(database)
    await evolve(database, start)
    const next = configurationOf('entityTypes:\n  Thing: { properties: { name: integer } }')
    const { losses, changes } = await evolve(database, next)
    expect(losses).toEqual([])
    expect(changes).toContain('drops entity type Person')
    expect(
      await rowsOf(
        database,
        `select tablename from pg_tables where schemaname = current_schema() and tablename not like 'sluice%'`,
      ),
    ).toEqual([{ tablename: 'thing' }])
  })

  test('empties a property whose type changes, and lets every row be read again', async () => {
    await using database = await open()
    await filled(database)
    const next = changed(['staffNumber: { type: string, required: true }', 'staffNumber: integer'])
    await expect(evolve(database, next)).rejects.toMatchObject({
      losses: ['2 values of Person.staffNumber would be lost, because string cannot be converted to integer'],
    })
    await evolve(database, next, { allowLoss: true })
    expect(
      await rowsOf(
        database,
        'select key, digest, staff_number from replica_hr_person join person using (resource_id) order by key',
      ),
    ).toEqual([
      { key: 'A', digest: null, staff_number: null },
      { key: 'B', digest: null, staff_number: null },
    ])
    const indexes = await rowsOf(
      database,
      `select indexname from pg_indexes where schemaname = current_schema() and tablename = 'person' order by 1`,
    )
    expect(indexes.map(({ indexname }) => indexname)).toEqual([
      'person_pkey',
      'sluice_by_person.department_id',
      'sluice_by_person.staff_number',
    ])
  })

  test('cuts what points to a type that left the family', async () => {
    await using database = await open()
    await filled(database)
    const widened = changed(
      ['department: { type: reference, to: Department }', 'department: { type: reference, to: Party }'],
      ['column: dep, by: code', 'column: dep, by: name'],
    )
    expect((await evolve(database, widened)).losses).toEqual([])
    const moved = changed(
      ['department: { type: reference, to: Department }', 'department: { type: reference, to: Party }'],
      ['column: dep, by: code', 'column: dep, by: name'],
      [
        '  Department:\n    extends: Party\n    properties: { code: string }',
        '  Department:\n    properties: { code: string, name: string }',
      ],
    )
    await expect(evolve(database, moved)).rejects.toMatchObject({
      losses: ['2 references of Person.department would be lost, because Department is no Party'],
    })
    await evolve(database, moved, { allowLoss: true })
    expect(await rowsOf(database, 'select count(department_id)::int as left from person')).toEqual([
      { left: 0 },
    ])
    expect(await rowsOf(database, 'select count(*)::int as parties from party_all')).toEqual([{ parties: 2 }])
  })

  test('forgets the rows of a source that is gone only when asked, and keeps their resources', async () => {
    await using database = await open()
    await filled(database)
    const alone = configurationOf(startText.slice(0, startText.indexOf('sources:')))
    await expect(evolve(database, alone)).rejects.toMatchObject({
      losses: [
        'source hr would forget 2 rows of Person; the resources stay, without a source',
        'source hr would lose 1 link of Membership',
      ],
    })
    await evolve(database, alone, { allowLoss: true })
    expect(
      await rowsOf(
        database,
        'select (select count(*)::int from person) as people, (select count(*)::int from membership) as links',
      ),
    ).toEqual([{ people: 2, links: 0 }])
    await evolve(database, start)
    expect(await rowsOf(database, 'select count(*)::int as rows from replica_hr_person')).toEqual([
      { rows: 0 },
    ])
  })

  test('lets a source go together with a property that it filled', async () => {
    await using database = await open()
    await filled(database)
    const withoutSource = startText.slice(0, startText.indexOf('sources:'))
    const next = configurationOf(withoutSource.replace('      grade: integer\n', ''))
    const { changes } = await evolve(database, next, { allowLoss: true })
    expect(changes).toEqual(expect.arrayContaining(['drops source hr', 'drops property Person.grade']))
  })

  test('knows values of an enum whatever letters and signs they are made of', async () => {
    await using database = await open()
    await filled(database)
    const values = ['active', 'left', `l'été`, 'C:\\temp', '$1', '*/ --']
    await evolve(database, changed(['values: [active, left]', `values: ${JSON.stringify(values)}`]))
    for (const value of values) {
      await database.session((session) => session.query('update person set status = $1', [value]))
    }
    await expect(rowsOf(database, `update person set status = 'l''ete'`)).rejects.toThrow('violates')
    const fewer = changed(['values: [active, left]', `values: ["l'été"]`])
    await expect(evolve(database, fewer)).rejects.toMatchObject({
      losses: ['2 values of Person.status would be lost: the enum no longer has them'],
    })
  })

  test('leaves views of other people alone, and says which one is in the way', async () => {
    await using database = await open()
    await filled(database)
    await rowsOf(database, 'create view payroll as select name, grade from person')
    await evolve(database, changed(['since: date', 'since: date, until: date']))
    const blocked = {
      code: 'SLUICE-REPOSITORY-11',
      message: expect.stringContaining('view payroll depends on'),
    }
    await expect(evolve(database, changed(['grade: integer', 'grade: decimal']))).rejects.toMatchObject(
      blocked,
    )
    await expect(
      evolve(database, changed(['      grade: integer\n', ''], ['grade: grade, ', '']), { allowLoss: true }),
    ).rejects.toMatchObject(blocked)
  })
})

test('writes the statements of a model in the order in which they can run', async () => {
  const steps = planEvolution({ before: emptyModel, after: storedModelOf(start), sourceIds: new Map() })
  const texts = steps.flatMap(({ statements }) => statements).map((each) => `${compiled(each).text};\n`)
  await expect(texts.join('\n')).toMatchFileSnapshot('../../test/tables-of-a-model.sql')
})

test('refuses names that cannot be told apart in the database', async () => {
  await using database = await openTestDatabase('pglite')
  await migrate(database)
  const type = (name: string, properties: readonly string[] = []) => ({
    name,
    abstract: false,
    properties: properties.map((property) => ({ name: property, type: 'string' as const, required: false })),
  })
  const clash = (...types: readonly ReturnType<typeof type>[]) =>
    evolve(database, {
      ...start,
      sources: new Map(),
      model: { associations: new Map(), entityTypes: new Map(types.map((each) => [each.name, each])) },
    })
  const problem = (message: string) =>
    expect.objectContaining({ code: 'SLUICE-REPOSITORY-10', message: expect.stringContaining(message) })
  await expect(clash(type('HRPerson'), type('hr_person'))).rejects.toEqual(
    problem('entity type HRPerson and entity type hr_person both become "hr_person"'),
  )
  await expect(clash(type('Person', ['mailAddress', 'mail_address']))).rejects.toEqual(
    problem('both become "mail_address"'),
  )
  await expect(clash(type('Person', ['xmin']))).rejects.toEqual(problem('PostgreSQL'))
  await expect(clash(type('SluiceRun'))).rejects.toEqual(problem('reserved'))
  await expect(clash(type(`T${'aB'.repeat(24)}`))).rejects.toEqual(problem('longer than 63 bytes'))
})
