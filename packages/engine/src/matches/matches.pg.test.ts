import { type MatchDecision, type MatchRecord, parseConfiguration, type RunBy } from '@sluice/model'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'

const by: RunBy = { kind: 'person', name: 'olga' }

/** HR has given two people one badge; `doors` finds people by it. */
const yaml = `
entityTypes:
  Person: { display: name, properties: { name: {type: string, required: true}, badge: string, floor: integer, phone: string } }
sources:
  hr:
    table: true
    precedence: 1
    thresholds: off
    entities: { Person: { reconciliation: {policy: key}, delete: delete, properties: { name: {}, badge: {}, phone: {} } } }
  doors:
    table: true
    precedence: 2
    thresholds: off
    entities:
      Person:
        reconciliation: { rules: [[badge]], onZero: create, onMultiple: queue }
        properties: { name: {policy: write_if_empty}, badge: {update: false}, floor: {}, phone: {} }
`
const people = 'key;name;badge;phone\n1;Barbara;B5;11\n2;Donald;B5;22\n3;Grace;B2;33\n'
const badges = 'key;name;badge;floor;phone\n5;X;B5;3;99\n2;Y;B2;1;<NULL>\n'

async function all<T>(records: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const record of records) found.push(record)
  return found
}

describeWithEngine('rows that several resources match', (harness) => {
  beforeEach(() => harness.begin(yaml))

  const load = async (source: string, csv: string) =>
    (await harness.engine.tables.load(source, { csv }, { by })).report
  const run = (source: string) => harness.engine.tables.synchronize(source, { by })
  const matches = async (): Promise<readonly MatchRecord[]> => await all(harness.repository.matches())
  const [row] = [{ source: 'doors', entityType: 'Person', key: '5' }]
  const decide = (decision: MatchDecision, resource?: string) =>
    harness.engine.decideMatches([{ ...row, decision, resource }], { by })
  const idOf = async (name: string) =>
    (
      await harness.rows<{ id: string }>('select resource_id::text as id from person where name = $1', [name])
    )[0]?.id ?? ''
  const persons = async () =>
    (
      await harness.rows<{ name: string; floor: string | null; phone: string | null }>(
        'select name, floor, phone from person order by resource_id',
      )
    ).map(({ name, floor, phone }) => `${name} ${floor ?? '-'} ${phone ?? '-'}`)
  const replica = async () =>
    (
      await harness.rows<{ status: string; resource_id: string | null; code: string | null }>(
        "select status, resource_id::text, error->>'code' as code from replica_doors_person where key = '5'",
      )
    )[0]

  test('wait with what they match, hinder nobody, and are tried by each run', async () => {
    await load('hr', people)
    const report = await load('doors', badges)
    expect(report).toMatchObject({
      state: 'applied',
      entities: [{ replicas: { doubtful: 1, ignored: 0, matchedUpdated: 1, reconciliationErrors: 0 } }],
    })
    const [found, ...others] = await matches()
    expect(others).toEqual([])
    expect(found).toMatchObject({
      ...row,
      state: 'waiting',
      rule: 1,
      matched: { badge: 'B5' },
      count: 2,
      candidates: [await idOf('Barbara'), await idOf('Donald')],
      decision: null,
      run: report?.run,
    })
    expect(await replica()).toEqual({ status: 'new', resource_id: null, code: 'doubtful_match' })
    expect(await persons()).toEqual(['Barbara - 11', 'Donald - 22', 'Grace 1 33'])
    const again = await run('doors')
    expect(again).toMatchObject({ entities: [{ replicas: { doubtful: 1, unchanged: 1 } }] })
    expect(await matches()).toEqual([found])
    expect(await harness.repository.countMatches()).toEqual([{ source: 'doors', count: 1 }])
  })

  test('go on behind a cursor, and are counted by source and state', async () => {
    await load('hr', people)
    await load('doors', `key;name;badge\n${[5, 6, 7].map((key) => `${key};X;B5`).join('\n')}\n`)
    const listed = await all(harness.repository.matches())
    expect(listed.map(({ key }) => key)).toEqual(['5', '6', '7'])
    const [first] = await all(harness.repository.matches({ limit: 1 }))
    expect(await all(harness.repository.matches({ cursor: first?.cursor }))).toEqual(listed.slice(1))
    expect(await harness.repository.countMatchesBy()).toEqual([
      { source: 'doors', state: 'waiting', count: 3 },
    ])
    expect(await harness.repository.countMatchesBy({ state: ['applied'] })).toEqual([])
    await expect(all(harness.repository.matches({ cursor: '1; drop' }))).rejects.toMatchObject({
      code: 'SLUICE-REPOSITORY-23',
    })
  })

  test('are shown beside the resources that they may be of', async () => {
    await load('hr', people)
    await load('doors', badges)
    const shown = await harness.repository.match(row)
    expect(shown?.resources.map(({ display }) => display)).toEqual(['Barbara', 'Donald'])
    expect(shown?.properties).toEqual([
      { property: 'name', searched: false, says: 'X', values: ['Barbara', 'Donald'] },
      { property: 'badge', searched: true, says: 'B5', values: ['B5', 'B5'] },
      { property: 'floor', searched: false, says: '3', values: [null, null] },
      { property: 'phone', searched: false, says: '99', values: ['11', '22'] },
    ])
    expect(await harness.repository.match({ ...row, key: '2' })).toBeUndefined()
  })

  test('are linked to the one that somebody decides for, at once, and stay with it', async () => {
    await load('hr', people)
    await load('doors', badges)
    const donald = await idOf('Donald')
    const { matches: decided, reports } = await decide('link', donald)
    expect(reports).toMatchObject([{ cause: 'decision', by, source: 'doors', state: 'applied' }])
    expect(decided).toMatchObject([{ state: 'applied', decision: 'link', resource: donald, by: 'olga' }])
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 3 99', 'Grace 1 33'])
    const explained = await harness.repository.explain('Person', 'Donald')
    expect(explained?.replicas).toContainEqual(
      expect.objectContaining({
        source: 'doors',
        decided: expect.objectContaining({ decision: 'link', by: 'olga' }),
      }),
    )
    await load('doors', badges.replace('5;X;B5;3;99', '5;X;B9;4;99'))
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 4 99', 'Grace 1 33'])
  })

  test('come back to what was decided when their row goes and returns', async () => {
    await load('hr', people)
    await load('doors', badges)
    await decide('link', await idOf('Donald'))
    await harness.execute("delete from synchro_data_person_2 where primary_key = '5'")
    await run('doors')
    await harness.execute(
      "insert into synchro_data_person_2 (primary_key, badge, floor) values ('5', 'B5', '7')",
    )
    await run('doors')
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 7 22', 'Grace 1 33'])
    expect(await matches()).toMatchObject([{ state: 'applied', decision: 'link' }])
  })

  test('make a new resource where somebody decides so, once', async () => {
    await load('hr', people)
    await load('doors', badges)
    const { matches: decided } = await decide('create')
    const created = await idOf('X')
    expect(decided).toMatchObject([{ state: 'applied', decision: 'create', resource: created }])
    expect(await persons()).toEqual(['Barbara - 11', 'Donald - 22', 'Grace 1 33', 'X 3 99'])
    // The row comes back: it is of the resource that it has made.
    await harness.execute("delete from synchro_data_person_2 where primary_key = '5'")
    await run('doors')
    await harness.execute(
      "insert into synchro_data_person_2 (primary_key, badge, floor) values ('5', 'B5', '8')",
    )
    await run('doors')
    expect(await replica()).toMatchObject({ status: 'synchronized', resource_id: created })
  })

  test('are ignored without an error where somebody decides so', async () => {
    await load('hr', people)
    await load('doors', badges)
    const { reports } = await decide('ignore')
    expect(reports).toMatchObject([
      { entities: [{ replicas: { ignored: 1, doubtful: 0, reconciliationErrors: 0 } }] },
    ])
    expect(await run('doors')).toMatchObject({ entities: [{ replicas: { ignored: 1, doubtful: 0 } }] })
    expect(await all(harness.repository.replicas('doors', { errors: true }))).toEqual([])
    expect(await matches()).toMatchObject([{ state: 'applied', decision: 'ignore' }])
  })

  test('wait again when a decision is taken back, and what they had said of the resource goes to whoever says it too', async () => {
    await load('hr', people)
    await load('doors', badges)
    await decide('link', await idOf('Donald'))
    const { matches: undone, reports } = await harness.engine.undoMatches([row], { by })
    // The row is there: it has left its resource, and has not disappeared.
    expect(reports).toMatchObject([
      { cause: 'decision', state: 'applied', entities: [{ replicas: { disappeared: 0, doubtful: 1 } }] },
    ])
    expect(undone).toMatchObject([{ state: 'waiting', decision: null, resource: null, by: null, count: 2 }])
    // Nobody else says a floor: what nobody says stays as it is.
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 3 22', 'Grace 1 33'])
    expect(await replica()).toEqual({ status: 'new', resource_id: null, code: 'doubtful_match' })
    expect(await run('doors')).toMatchObject({ entities: [{ replicas: { doubtful: 1 } }] })
    await decide('link', await idOf('Barbara'))
    expect(await persons()).toEqual(['Barbara 3 99', 'Donald 3 22', 'Grace 1 33'])
  })

  test('wait again when it is taken back that they are ignored', async () => {
    await load('hr', people)
    await load('doors', badges)
    await decide('ignore')
    expect((await harness.engine.undoMatches([row], { by })).matches).toMatchObject([
      { state: 'waiting', count: 2 },
    ])
    expect(await replica()).toMatchObject({ code: 'doubtful_match' })
  })

  test('ask again when the resource is gone that was decided for', async () => {
    await load('hr', people)
    await load('doors', badges)
    await decide('link', await idOf('Donald'))
    await harness.execute("delete from synchro_data_person_2 where primary_key = '5'")
    await run('doors')
    await load('hr', people.replace('2;Donald;B5;22\n', ''))
    await harness.execute(
      "insert into synchro_data_person_2 (primary_key, badge, floor) values ('5', 'B5', '7')",
    )
    await run('doors')
    // Only Barbara has the badge now; that it is her row somebody has denied.
    expect(await persons()).toEqual(['Barbara - 11', 'Grace 1 33'])
    expect(await matches()).toMatchObject([
      { state: 'waiting', decision: null, count: 1, candidates: [await idOf('Barbara')] },
    ])
  })

  test('need no decision any more when they match one, or are gone', async () => {
    await load('hr', people)
    await load('doors', badges)
    await load('hr', people.replace('2;Donald;B5', '2;Donald;B7'))
    await run('doors')
    expect(await persons()).toEqual(['Barbara 3 99', 'Donald - 22', 'Grace 1 33'])
    expect(await matches()).toMatchObject([{ state: 'settled' }])
    await expect(decide('ignore')).rejects.toMatchObject({ code: 'SLUICE-MATCH-02' })

    await harness.begin(yaml)
    await load('hr', people)
    await load('doors', 'key;name;badge\n5;X;B5\n')
    await harness.execute('delete from synchro_data_person_2')
    await run('doors')
    expect(await matches()).toMatchObject([{ state: 'settled' }])
  })

  test('are decided all together, or none', async () => {
    await load('hr', people)
    await load('doors', 'key;name;badge\n5;X;B5\n6;Y;B5\n')
    const rows = ['5', '6'].map((key) => ({ source: 'doors', entityType: 'Person', key }))
    const ignoring = rows.map((one) => ({ ...one, decision: 'ignore' as const }))
    const refused = (decisions: Parameters<typeof harness.engine.decideMatches>[0]) =>
      expect(harness.engine.decideMatches(decisions, { by })).rejects
    await refused([...ignoring, { ...row, key: '7', decision: 'ignore' }]).toMatchObject({
      code: 'SLUICE-MATCH-01',
    })
    await refused([{ ...row, decision: 'link', resource: '999999' }]).toMatchObject({
      code: 'SLUICE-MATCH-03',
    })
    await expect(harness.engine.undoMatches(rows, { by })).rejects.toMatchObject({ code: 'SLUICE-MATCH-04' })
    expect(await matches()).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }])
    const { matches: decided, reports } = await harness.engine.decideMatches(ignoring, {
      by,
      comment: 'visitors',
    })
    expect(decided).toMatchObject([{ comment: 'visitors' }, { state: 'applied' }])
    expect(reports).toHaveLength(1)
    await refused(ignoring).toMatchObject({ code: 'SLUICE-MATCH-02' })
  })

  test('are decided about in a plan, too, which leaves the queue as it is', async () => {
    await load('hr', people)
    await load('doors', badges)
    const before = await matches()
    await harness.engine.tables.plan('doors', { by, sample: 3 })
    expect(await matches()).toEqual(before)
  })

  test('only those are looked at of which somebody has decided', async () => {
    await load('hr', people)
    await load('doors', badges)
    await harness.execute("update synchro_data_person_2 set floor = '9' where primary_key = '2'")
    await decide('ignore')
    expect(await persons()).toEqual(['Barbara - 11', 'Donald - 22', 'Grace 1 33'])
    await run('doors')
    expect(await persons()).toEqual(['Barbara - 11', 'Donald - 22', 'Grace 9 33'])
  })

  test('wait once a run that a threshold held is approved; what was decided meanwhile stands', async () => {
    await load('hr', people)
    await load('doors', badges)
    await harness.reconfigure(
      yaml.replace('precedence: 2\n    thresholds: off', 'precedence: 2\n    thresholds: { updated: 0 }'),
    )
    const held = await load('doors', 'key;name;badge;floor\n5;X;B5;3\n2;Y;B2;9\n6;Z;B5;1\n')
    expect(held).toMatchObject({ state: 'held' })
    expect((await matches()).map(({ key }) => key)).toEqual(['5'])
    // Of the rows that are held, a decision carries out the one alone that it is about.
    const { reports } = await decide('link', await idOf('Donald'))
    expect(reports).toMatchObject([{ state: 'applied' }])
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 3 99', 'Grace 1 33'])
    await harness.engine.approve(held?.run ?? 0, { by: 'olga' })
    const last = await harness.engine.tables.synchronize('doors', { by, force: true })
    expect(last).toMatchObject({ state: 'applied' })
    expect((await matches()).map(({ key, state }) => `${key} ${state}`)).toEqual(['5 applied', '6 waiting'])
    expect(await persons()).toEqual(['Barbara - 11', 'Donald 3 99', 'Grace 9 33'])
  })

  test('are forgotten with the source that had them', async () => {
    await load('hr', people)
    await load('doors', badges)
    const only = yaml.slice(0, yaml.indexOf('  doors:'))
    const configured = parseConfiguration([
      { path: 'sluice.yaml', text: `repository: ./r\n${only}` },
    ]).configuration
    if (configured === undefined) throw new Error('The configuration is wrong.')
    await harness.repository.evolve(configured, { allowLoss: true })
    expect(await harness.rows('select from sluice_match')).toEqual([])
  })

  test('keep at most twenty resources in mind, and count all', async () => {
    await load('hr', `key;name;badge\n${Array.from({ length: 25 }, (_, n) => `${n};p${n};B5\n`).join('')}`)
    await load('doors', badges)
    const [found] = await matches()
    expect(found?.count).toBe(25)
    expect(found?.candidates).toHaveLength(20)
  })
})
