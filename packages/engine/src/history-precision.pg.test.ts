/**
 * Properties of which the history does not keep every change.
 */
import type { Edit } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeWithEngine } from '../test/engine-harness.ts'

const directory = `
entityTypes:
  Account:
    display: name
    properties:
      id: {type: string, required: true}
      name: string
      logons: {type: integer, history: none}
      lastLogon: {type: datetime, history: 1d}
sources:
  ad:
    folder: .
    entities:
      Account: {file: a.csv, key: id, properties: {id: id, name: name, logons: logons, lastLogon: seen}}
`
const by = { kind: 'token', name: 'grace' } as const
const night = (day: number) => `2026-01-0${day}T01:00:00Z`

describeWithEngine('the precision of a history', (harness) => {
  /** A row as the directory exports it. */
  const account = (logons: number, day: number, name = 'Ada') => ({
    id: '1',
    name,
    logons: String(logons),
    seen: night(day),
  })
  const deliver = (...rows: readonly ReturnType<typeof account>[]) =>
    harness.deliver('ad', { Account: rows }, { force: true })
  const history = () =>
    harness.rows<{ operation: string; before: object | null; after: object | null }>(
      'select operation, before, after from sluice_history order by run_id, operation',
    )
  /** As if all runs so far had been so long ago. */
  const wait = (interval: string) =>
    harness.execute(`update sluice_run set started_at = started_at - interval '${interval}'`)
  const begin = async () => {
    await harness.begin(directory)
    await deliver(account(1, 1))
  }

  test('what no history is kept of changes, and leaves no trace', async () => {
    await begin()
    const report = await deliver(account(2, 1))
    expect(report.entities).toMatchObject([{ changes: { updated: 1 } }])
    expect(await harness.rows('select logons from account')).toMatchObject([{ logons: '2' }])
    expect(await history()).toEqual([])
  })

  test('beside another change it is not among the values', async () => {
    await begin()
    await deliver(account(2, 1, 'Ada King'))
    expect(await history()).toEqual([
      { operation: 'update', before: { name: 'Ada' }, after: { name: 'Ada King' } },
    ])
  })

  test('of what changes each night, a change is kept a day after the last one that was', async () => {
    await begin()
    await deliver(account(1, 2))
    await wait('20 hours')
    await deliver(account(1, 3))
    await wait('5 hours')
    await deliver(account(1, 4))
    const kept = (await history()).map(({ before, after }) => [before, after])
    expect(kept).toEqual([
      [{ lastLogon: '2026-01-01T01:00:00+00:00' }, { lastLogon: '2026-01-02T01:00:00+00:00' }],
      [{ lastLogon: '2026-01-03T01:00:00+00:00' }, { lastLogon: '2026-01-04T01:00:00+00:00' }],
    ])
  })

  test('a change within that time is left out of what else the run changes', async () => {
    await begin()
    await deliver(account(1, 2))
    await deliver(account(1, 3, 'Ada King'))
    expect((await history()).map(({ after }) => after)).toEqual([
      { lastLogon: '2026-01-02T01:00:00+00:00' },
      { name: 'Ada King' },
    ])
  })

  test('insertions and deletions keep every value, so that what was deleted comes back whole', async () => {
    await begin()
    await deliver(account(1, 2))
    const { run } = await deliver()
    const gone = (await history()).find(({ operation }) => operation === 'delete')
    expect(gone?.before).toMatchObject({ logons: 1, lastLogon: '2026-01-02T01:00:00+00:00' })
    await harness.engine.revert({ revert: run ?? 0, skipConflicts: false }, { by, force: true })
    expect(await harness.rows('select name, logons from account')).toEqual([{ name: 'Ada', logons: '1' }])
  })

  test('taking a run back says what it cannot take back, and takes back the rest', async () => {
    await begin()
    const { run } = await deliver(account(2, 1, 'Ada King'))
    const report = await harness.engine.revert(
      { revert: run ?? 0, skipConflicts: false },
      { by, force: true },
    )
    expect(report.notes).toEqual([
      'The history does not keep every change of Account.logons: what the run changed of it and is not listed here stays.',
      'The history does not keep every change of Account.lastLogon: what the run changed of it and is not listed here stays.',
    ])
    expect(await harness.rows('select name, logons from account')).toEqual([{ name: 'Ada', logons: '2' }])
  })

  test('a run that changed nothing else is taken back with the same words, and changes nothing', async () => {
    await begin()
    const { run } = await deliver(account(2, 1))
    const report = await harness.engine.revert(
      { revert: run ?? 0, skipConflicts: false },
      { by, force: true },
    )
    expect(report.notes).toHaveLength(2)
    expect(await harness.rows('select logons from account')).toEqual([{ logons: '2' }])
  })

  test('what has changed since without a line is a conflict, and nobody is blamed for it', async () => {
    await begin()
    const { run } = await deliver(account(1, 2))
    await deliver(account(1, 3))
    const reverted = harness.engine.revert({ revert: run ?? 0, skipConflicts: false }, { by, force: true })
    await expect(reverted).rejects.toMatchObject({
      message: expect.stringContaining('lastLogon of Account Ada was changed since; by whom is not known'),
    })
  })

  test('an explanation does not claim to know since when', async () => {
    await begin()
    await deliver(account(2, 2))
    const found = await harness.repository.explain('Account', '1')
    const of = (property: string) => found?.values.find((value) => value.property === property)
    expect(of('logons')).toMatchObject({ value: 2, history: 'none', run: 0, at: null })
    expect(of('lastLogon')).toMatchObject({ history: 86_400_000, run: 2 })
    expect(of('name')).not.toHaveProperty('history')
  })

  test('edits of people are kept in the same way', async () => {
    await harness.begin(directory.replace(/sources:[\s\S]*/, ''))
    const edit = (edit: Edit) => harness.engine.edit({ edits: [edit], role: 'administrator' }, { by })
    const set = (values: Extract<Edit, { action: 'update' }>['values']) =>
      edit({ action: 'update', type: 'Account', resource: 'Ada', values })
    await edit({ action: 'create', type: 'Account', values: { id: '1', name: 'Ada', logons: 6 } })
    await set({ logons: 7 })
    await set({ logons: 8, id: '2' })
    expect((await history()).filter(({ operation }) => operation === 'update')).toEqual([
      { operation: 'update', before: { id: '1' }, after: { id: '2' } },
    ])
  })
})
