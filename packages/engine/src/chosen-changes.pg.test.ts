/**
 * The changes of a run that are asked for: of a held one from its change set, of an applied one from the history.
 */
import type { Change, ChangesOptions, ChangesPageOptions } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { number: string, name: string, age: integer, boss: { type: reference, to: Person } } }
  Team: { display: name, properties: { code: string, name: string } }
associations:
  Member: { from: Team, to: Person, properties: { role: string } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person:
        { file: p.csv, key: number, thresholds: { deleted: 0 }, properties: { number: n, name: name, age: age, boss: { column: boss, by: number } } }
      Team: { file: t.csv, key: code, thresholds: off, properties: { code: c, name: name } }
    associations:
      Member: { file: m.csv, from: { column: team, by: code }, to: { column: person, by: number }, properties: { role: role }, thresholds: off }
`
const before = {
  Person: 'n,name,age,boss\n1,Ann,30,\n2,Bob,31,1\n3,Cid,32,1\n4,Dan,33,',
  Team: 'c,name\nA,Alpha\nB,Beta',
  Member: 'team,person,role\nA,1,lead\nA,2,\nB,3,\nB,4,lead',
}
const after = {
  Person: 'n,name,age,boss\n1,Anna,30,\n2,Bob,41,1\n3,Cid,32,2\n5,Eve,,',
  Team: 'c,name\nA,Alpha\nB,Gamma',
  Member: 'team,person,role\nA,1,head\nA,2,\nB,3,\nB,5,',
}

async function chosen(harness: EngineHarness, run: number | null, options: ChangesOptions) {
  const lines: string[] = []
  for await (const change of harness.engine.changes(run ?? 0, options)) {
    lines.push(lineOf(change))
  }
  return lines.sort()
}

/** All pages of so many, each asked for behind the one before. */
async function paged(
  harness: EngineHarness,
  run: number | null,
  options: Omit<ChangesPageOptions, 'cursor'>,
): Promise<readonly string[]> {
  const lines: string[] = []
  for (let cursor: string | undefined; ; ) {
    const { changes, next } = await harness.engine.changesPage(run ?? 0, { ...options, cursor })
    expect(changes.length).toBeLessThanOrEqual(options.limit)
    lines.push(...changes.map(lineOf))
    if (next === null) return lines
    expect(changes).toHaveLength(options.limit)
    cursor = next
  }
}

function lineOf(change: Change): string {
  const of = change.kind === 'entity' ? change.key : `${change.from} > ${change.to}`
  return `${change.operation} ${of}`
}

describeWithEngine('the changes of a run', (harness) => {
  test('are read a page at a time, each behind the one before, held and applied alike', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', before)
    const held = await harness.deliver('hr', after)
    const expectPages = async () => {
      const all = await chosen(harness, held.run, {})
      for (const limit of [1, 2, 100])
        expect((await paged(harness, held.run, { limit })).toSorted()).toEqual(all)
      expect(await paged(harness, held.run, { limit: 1, type: 'Person', operation: 'update' })).toEqual([
        'update 1',
        'update 2',
        'update 3',
      ])
      expect((await paged(harness, held.run, { limit: 1, keyStart: 'B' })).toSorted()).toEqual(
        all.filter((line) => / B$|Beta > /.test(line)),
      )
      expect(await paged(harness, held.run, { limit: 1, keyStart: '%' })).toEqual([])
    }
    await expectPages()
    const { next } = await harness.engine.changesPage(held.run ?? 0, { limit: 1 })
    await harness.engine.approve(held.run ?? 0, { by: 'eve', reason: 'as announced' })
    expect((await harness.repository.run(held.run ?? 0))?.decision).toMatchObject({ reason: 'as announced' })
    await expectPages()
    for (const cursor of [next ?? '', 'nonsense', Buffer.from('{"part":"resources"}').toString('base64url')])
      await expect(harness.engine.changesPage(held.run ?? 0, { limit: 1, cursor })).rejects.toMatchObject({
        code: 'SLUICE-REPOSITORY-23',
      })
  })

  test('are counted by the properties that they change, held and applied alike', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', before)
    const held = await harness.deliver('hr', after)
    const expectCounted = async () => {
      const counted = await harness.engine.changedProperties(held.run ?? 0)
      expect(
        counted.map(({ type, property, changes }) => `${type}.${property} ${changes}`).toSorted(),
      ).toEqual(['Member.role 1', 'Person.age 1', 'Person.boss 1', 'Person.name 1', 'Team.name 1'])
    }
    await expectCounted()
    await harness.engine.approve(held.run ?? 0, { by: 'eve' })
    await expectCounted()
  })

  test('are chosen by type, key, operation and property, held and applied alike', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', before)
    const held = await harness.deliver('hr', after)
    expect(held.state).toBe('held')
    const expectChosen = async () => {
      const of = (options: ChangesOptions) => chosen(harness, held.run, options)
      expect(await of({ type: 'Team' })).toEqual(['update B'])
      expect(await of({ type: 'Person', operation: 'update' })).toEqual(['update 1', 'update 2', 'update 3'])
      expect(await of({ operation: 'delete', type: 'Person' })).toEqual(['delete 4'])
      expect(await of({ property: 'age', type: 'Person' })).toEqual(['delete 4', 'update 2'])
      expect(await of({ property: 'age', operation: 'update' })).toEqual(['update 2'])
      expect(await of({ property: 'boss' })).toEqual(['update 3'])
      expect(await of({ property: 'role', operation: 'update' })).toHaveLength(1)
      expect(await of({ key: '2' })).toEqual(['update 2'])
      expect(await of({ key: 'Alpha' })).toEqual([expect.stringMatching(/^update Alpha > Ann/)])
      expect(await of({ key: 'Eve', type: 'Member' })).toEqual([expect.stringMatching(/^insert .* > Eve$/)])
      expect(await of({ key: 'nobody' })).toEqual([])
      expect(await of({ sample: 1, type: 'Person' })).toEqual(['delete 4', 'insert 5', 'update 1'])
      expect(await of({ sample: 9, property: 'age', operation: 'update' })).toEqual(['update 2'])
      await expect(of({ type: 'Persn' })).rejects.toMatchObject({ code: 'SLUICE-REPOSITORY-12' })
      await expect(of({ type: 'Team', property: 'age' })).rejects.toMatchObject({
        code: 'SLUICE-REPOSITORY-12',
      })
    }
    await expectChosen()
    await harness.engine.approve(held.run ?? 0, { by: 'eve' })
    await expectChosen()
  })

  test('of a run with many are found in blocks, as they are by sorting: pages, filters, samples and counts', async () => {
    await harness.begin(yaml)
    const people = numbers(5_000)
    // Some begin with the same two hundred letters.
    const key = (n: number) => (n % 500 === 0 ? `${'k'.repeat(300)}${n}` : `k${n}`)
    const person = (n: number, name: string) => `${key(n)},${name}${n},${n % 1000 === 0 ? 7 : 1},`
    const Team = 'c,name\nA,Alpha\nB,Beta'
    await harness.deliver('hr', {
      Person: ['n,name,age,boss', ...people.map((n) => person(n, 'old'))].join('\n'),
      Team,
      Member: 'team,person,role',
    })
    const changed = await harness.deliver('hr', {
      Person: [
        'n,name,age,boss',
        ...people.map((n) => (n % 1000 === 0 ? `${key(n)},old${n},8,` : person(n, 'new'))),
        ...numbers(60).map((n) => `m${n},more${n},,`),
      ].join('\n'),
      Team,
      Member: ['team,person,role', ...people.map((n) => `${n % 3 === 0 ? 'B' : 'A'},${key(n)},r`)].join('\n'),
    })
    if (changed.state === 'held') await harness.engine.approve(changed.run ?? 0, { by: 'eve' })
    const asked: readonly Omit<ChangesPageOptions, 'cursor'>[] = [
      { limit: 999 },
      { limit: 7, property: 'age', operation: 'update' },
      { limit: 40, key: key(1000) },
      { limit: 40, key: key(1001) },
      { limit: 10, type: 'Person', keyStart: 'k123' },
      { limit: 3, type: 'Person', keyStart: 'k'.repeat(200) },
      { limit: 40, operation: 'insert', type: 'Person' },
      { limit: 900, type: 'Member' },
    ]
    const all = async () => ({
      pages: await Promise.all(asked.map((options) => paged(harness, changed.run, options))),
      stream: await chosen(harness, changed.run, {}),
      sample: await chosen(harness, changed.run, { sample: 3 }),
      counted: await harness.engine.changedProperties(changed.run ?? 0),
    })
    const blocks = await all()
    expect(blocks.pages.map((lines) => lines.length)).toEqual([10_060, 5, 1, 1, 11, 10, 60, 5_000])
    expect(new Set(blocks.pages[0]).size).toBe(10_060)
    expect(await harness.rows('select count(*)::int as n from sluice_history_block')).toEqual([{ n: 41 }])
    await harness.execute('delete from sluice_history_block')
    expect(await all()).toEqual(blocks)
  })
})

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
