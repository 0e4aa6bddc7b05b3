/**
 * Rows that a run has rejected for their values are tried again as they were delivered, once the model or the mapping takes them.
 */
import { expect, test } from 'vitest'
import { linksOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine } from '../test/engine-harness.ts'
import { expectSums } from '../test/expect-sums.ts'
import { contradictions } from '../test/snapshot.ts'

const office = (levels: string, more = '', share = 'integer') => `
entityTypes:
  Person: { display: name, properties: { number: { type: string, required: true }, name: string, level: { type: enum, values: [${levels}] }, mail: string, boss: { type: reference, to: Person } } }
  Unit: { display: code, properties: { code: string } }
associations:
  Membership: { from: Person, to: Unit, properties: { share: ${share} } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, level: level, boss: { column: b, by: number }${more} } }
      Unit: { file: u.csv, key: code, properties: { code: code } }
    associations:
      Membership: { file: m.csv, from: { column: p, by: number }, to: { column: u, by: code }, properties: { share: share } }
`
const by = { kind: 'token', name: 'grace' } as const

describeWithEngine('retrying rejected rows', (harness) => {
  const retry = async (run: number | null) => {
    const report = await harness.engine.retry(run ?? 0, { by, comment: 'guests, too' })
    expectSums(report)
    return report
  }
  const people = async () => await resourcesOf(harness, 'Person')
  const csv = (...rows: readonly string[]) => ['n,name,level,b', ...rows].join('\n')
  const rejected = async (run: number | null) => {
    const rows = []
    for await (const row of harness.repository.rejectedRows(run ?? 0)) rows.push(row)
    return rows
  }

  test('stores them when an enum is widened, and points at them what waited', async () => {
    await harness.begin(office('staff'))
    const first = await harness.deliver('hr', {
      Person: csv('1,Ada,staff,2', '2,Bob,guest,1', '3,Cleo,robot,'),
    })
    expect(await people()).toMatchObject([{ name: 'Ada' }])
    const base = 'select applied_delivery from sluice_source'
    const applied = await harness.rows(base)
    await harness.reconfigure(office('staff, guest'))
    const report = await retry(first.run)
    expect(report).toMatchObject({
      cause: 'retry',
      source: 'hr',
      retries: first.run,
      state: 'applied',
      comment: 'guests, too',
      entities: [{ mapping: 'Person', rows: { read: 2, inserted: 1, rejected: 1 } }, {}],
    })
    expect(await people()).toEqual([
      { number: '1', name: 'Ada', level: 'staff', boss: 'Bob' },
      { number: '2', name: 'Bob', level: 'guest', boss: 'Ada' },
    ])
    expect(await rejected(report.run)).toMatchObject([{ key: '3', value: 'robot' }])
    expect(await harness.rows(base)).toEqual(applied)
    await harness.reconfigure(office('staff, guest, robot'))
    await retry(report.run)
    expect((await people()).map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Cleo'])
    expect(await contradictions(harness)).toEqual([])
    const next = await harness.deliver('hr')
    expect(next.entities[0]?.rows).toMatchObject({ unchanged: 3 })
    // It is the first delivery that is read by the widened enum, and says so.
    expect(next.notes).toEqual([expect.stringContaining('The mapping of Person changed since the last run')])
  })

  test('stores links of which a property was rejected, and changes what is stored already', async () => {
    await harness.begin(office('staff'))
    const [Unit, Person] = ['code\nR', csv('1,Ada,staff,')]
    await harness.deliver('hr', { Person, Unit, Membership: 'p,u,share\n1,R,1' })
    const second = await harness.deliver('hr', {
      Person: csv('1,Augusta,guest,'),
      Membership: 'p,u,share\n1,R,0.5',
    })
    expect(await people()).toMatchObject([{ name: 'Ada' }])
    await harness.reconfigure(office('staff, guest', '', 'decimal'))
    await retry(second.run)
    expect(await people()).toMatchObject([{ name: 'Augusta', level: 'guest' }])
    expect(await linksOf(harness, 'Membership')).toEqual(['Augusta > R, share 0.5'])
  })

  test('leaves rows that have been delivered since, and tells the number of those that are not tried', async () => {
    await harness.begin(office('staff'))
    const first = await harness.deliver(
      'hr',
      { Person: csv('1,Ada,guest,', '2,Bob,guest,') },
      { unreadable: [{ mapping: 'Person', fields: ['9', 'broken'] }] },
    )
    await harness.deliver('hr', { Person: csv('1,Augusta,staff,', '2,Bert,guest,') })
    await harness.reconfigure(office('staff, guest'))
    const report = await retry(first.run)
    expect(await people()).toMatchObject([{ name: 'Augusta' }, { name: 'Bert' }])
    expect(report.notes.slice(-2)).toEqual([
      '1 rejected row has been delivered again since: the newer delivery counts.',
      '1 rejected row has not been readable, and was not stored: export again to get it.',
    ])
    await expect(harness.engine.retry(report.run ?? 0, { by })).rejects.toMatchObject({
      code: 'SLUICE-RETRY-01',
    })
  })

  test('does not empty a property of which the rows had no column', async () => {
    await harness.begin(office('staff'))
    const first = await harness.deliver('hr', { Person: csv('1,Ada,guest,') })
    await harness.reconfigure(office('staff, guest', ', mail: mail'))
    await expect(retry(first.run)).rejects.toThrow('lacks a column that the mapping reads now')
  })

  test('says what it would do, and is refused of a run that is not there, not applied, or of people', async () => {
    await harness.begin(office('staff'))
    const first = await harness.deliver('hr', { Person: csv('1,Ada,guest,') })
    await harness.reconfigure(office('staff, guest'))
    const plan = await harness.engine.planRetry(first.run ?? 0, { by })
    expect(plan.changes).toMatchObject([{ operation: 'insert', after: { name: 'Ada', level: 'guest' } }])
    expect(await people()).toEqual([])
    await expect(harness.engine.retry(99, { by })).rejects.toThrow('There is no run 99.')
    const edit = await harness.engine.edit(
      { edits: [{ action: 'create', type: 'Unit', values: { code: 'X' } }], role: 'user' },
      { by },
    )
    await expect(harness.engine.retry(edit.report.run ?? 0, { by })).rejects.toMatchObject({
      code: 'SLUICE-RETRY-01',
    })
  })

  test('is held by a threshold, and computed again where the repository moved; it passes where the same comes of it', async () => {
    const limited = (levels: string) =>
      office(levels).replace('thresholds: off', 'thresholds: { inserted: 2 }')
    await harness.begin(limited('staff'))
    const guests = ['2', '3', '4'].map((number) => `${number},P${number},guest,`)
    const first = await harness.deliver('hr', { Person: csv('1,Ada,staff,', ...guests) })
    await harness.reconfigure(limited('staff, guest'))
    const held = await retry(first.run)
    expect(held).toMatchObject({ state: 'held', cause: 'retry' })
    await harness.engine.edit(
      { edits: [{ action: 'create', type: 'Unit', values: { code: 'X' } }], role: 'user' },
      { by },
    )
    const again = await harness.engine.approve(held.run ?? 0, { by: 'olga' })
    const decision = { by: 'olga' }
    expect(again).toMatchObject({ moved: true, report: { state: 'applied', cause: 'retry', decision } })
    expect(await people()).toHaveLength(4)
  })
})
