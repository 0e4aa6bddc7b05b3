/**
 * Rows that come back under another key: whose resource they are.
 */
import { expect, test } from 'vitest'
import { resourcesOf } from '../../test/contents.ts'
import { describeWithEngine } from '../../test/engine-harness.ts'
import { contradictions } from '../../test/snapshot.ts'

const machines = (onRekey: string) => `
entityTypes:
  Machine: { properties: { tag: string, serial: string, name: string, owner: string } }
sources:
  disco:
    folder: .
    thresholds: off
    entities:
      Machine:
        file: m.csv
        key: tag
        reconciliation: { rules: [[serial]]${onRekey} }
        properties: { tag: tag, serial: serial, name: name }
  people:
    table: true
    thresholds: off
    entities:
      Machine:
        reconciliation: { rules: [[tag]], onZero: error }
        properties: { tag: { update: false }, owner: {} }
`
const rekeying = machines(', onRekey: update')

describeWithEngine('a row with another key', (harness) => {
  const disco = (...rows: readonly string[]) =>
    harness.deliver('disco', { Machine: ['tag,serial,name', ...rows].join('\n') })
  const found = () =>
    harness.rows<{ resource_id: string; tag: string; owner: string | null }>(
      'select resource_id, tag, owner from machine order by resource_id',
    )
  const begin = async (configuration: string) => {
    await harness.begin(configuration)
    await disco('T1,S1,web', 'T2,S2,db')
    const [first, second] = await found()
    return { first, second }
  }
  const giveOwner = async () => {
    await harness.execute(
      "insert into synchro_data_machine_2 (primary_key, tag, owner) values ('p', 'T1', 'Ada')",
    )
    await harness.engine.synchronize('people')
  }

  test('takes over the resource that its rule finds, and what others say of it stays', async () => {
    const { first, second } = await begin(rekeying)
    await giveOwner()
    const report = await disco('T9,S1,web', 'T2,S2,db')
    expect(report.entities[0]).toMatchObject({ changes: { inserted: 0, updated: 1, deleted: 0 } })
    expect(await found()).toEqual([{ ...first, tag: 'T9', owner: 'Ada' }, second])
    expect(await contradictions(harness)).toEqual([])
  })

  test('may delete what it took over, when it goes itself', async () => {
    const { second } = await begin(rekeying)
    await disco('T9,S1,web', 'T2,S2,db')
    await disco('T2,S2,db')
    expect(await found()).toEqual([second])
  })

  test('makes another resource where the source says nothing of it', async () => {
    const { first } = await begin(machines(''))
    await disco('T9,S1,web', 'T2,S2,db')
    expect((await found()).map(({ resource_id }) => resource_id)).not.toContain(first?.resource_id)
    expect((await found()).map(({ tag }) => tag)).toEqual(['T2', 'T9'])
  })

  test('takes nothing over where another one finds the same', async () => {
    await harness.begin(rekeying)
    await disco('T1,S1,web', 'T2,S2,db', 'T3,S3,a')
    const [, , third] = await found()
    await disco('T8,S1,web', 'T9,S1,web', 'T3,S3,a')
    const after = await found()
    expect(after.map(({ tag }) => tag)).toEqual(['T3', 'T9'])
    expect(after[0]).toEqual(third)
    expect(Number(after[1]?.resource_id)).toBeGreaterThan(Number(third?.resource_id))
    expect(await contradictions(harness)).toEqual([])
  })

  test('takes nothing over where it finds two', async () => {
    await begin(rekeying)
    await disco('T1,S1,web', 'T2,S1,db', 'T3,S3,a')
    const before = await found()
    expect(before.map(({ tag }) => tag)).toEqual(['T1', 'T2', 'T3'])
    await disco('T9,S1,web', 'T3,S3,a')
    const after = await found()
    expect(after.map(({ tag }) => tag)).toEqual(['T3', 'T9'])
    expect(before.map(({ resource_id }) => resource_id)).not.toContain(after[1]?.resource_id)
  })

  test('is held for a decision where every row has one', async () => {
    const { first, second } = await begin(rekeying)
    const report = await disco('T8,S1,web', 'T9,S2,db')
    expect(report.state).toBe('held')
    await harness.engine.approve(report.run ?? 0, { by: 'test' })
    expect(await found()).toEqual([
      { ...first, tag: 'T8' },
      { ...second, tag: 'T9' },
    ])
  })

  test('is taken back like any other change', async () => {
    const { first, second } = await begin(rekeying)
    await giveOwner()
    const before = await resourcesOf(harness, 'Machine')
    const { run } = await disco('T9,S1,web', 'T2,S2,db')
    await harness.engine.revert(
      { revert: run ?? 0, skipConflicts: false },
      { by: { kind: 'token', name: 'grace' }, force: true },
    )
    expect(await resourcesOf(harness, 'Machine')).toEqual(before)
    await disco('T9,S1,web', 'T2,S2,db')
    expect(await found()).toEqual([{ ...first, tag: 'T9', owner: 'Ada' }, second])
    expect(await contradictions(harness)).toEqual([])
  })
})
