/**
 * What was ordered of managed systems, and whether they say so.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import type { NewOrder } from '../../../model/src/index.ts'
import { describeWithEngine, type EngineHarness } from '../../test/engine-harness.ts'
import { allOrders, orderedBy } from '../../test/orders-in.ts'
import { rowVersions } from '../../test/snapshot.ts'

const yaml = `
entityTypes:
  Department: { display: name, properties: { code: string, name: string } }
  Account:
    display: login
    properties:
      login: { type: string, required: true }
      title: string
      level: integer
      cost: decimal
      active: boolean
      expires: date
      seen: datetime
      kind: { type: enum, values: [user, service] }
      unit: { type: reference, to: Department }
      photo: file
      salary: integer
  Person: { display: name, properties: { name: string, phone: string, unit: { type: reference, to: Department } } }
sources:
  units:
    folder: .
    thresholds: off
    entities:
      Department: { file: d.csv, key: code, properties: { code: c, name: name } }
  ad:
    folder: .
    thresholds: off
    entities:
      Account:
        file: a.csv
        key: login
        properties:
          login: login
          title: title
          level: level
          cost: cost
          active: { column: active, words: { true: [ja], false: [nein] } }
          expires: { column: expires, format: dd/MM/yyyy }
          seen: seen
          kind: kind
          unit: { column: unit, by: code }
          photo: photo
  badge:
    table: true
    precedence: 1
    thresholds: off
    entities:
      Person:
        reconciliation: { rules: [[name]] }
        delete: ignore
        properties: { name: {}, phone: {}, unit: { by: code } }
  phones:
    table: true
    precedence: 2
    thresholds: off
    entities: { Person: { reconciliation: { rules: [[name]] }, properties: { name: {}, phone: {} } } }
`

const units = { Department: 'c,name\nENG,Engineering\nSAL,Sales' }
const ada = (row: string) => ({
  Account: `login,title,level,cost,active,expires,seen,kind,unit,photo\nada,${row}`,
})
const asItWas = ada('Engineer,7,19.50,ja,31/12/2026,2026-01-31T10:00:00Z,user,ENG,')

function ordersIn(harness: EngineHarness) {
  const order = (of: Partial<NewOrder>) =>
    harness.engine.stateOrders([{ source: 'ad', entityType: 'Account', resource: 'ada', ...of }], orderedBy)
  const all = (query = {}) => allOrders(harness, query)
  /** `property: asserted (state)` */
  const states = async () =>
    (await all()).map(({ property, asserted, state, key }) => `${property ?? key}: ${asserted} (${state})`)
  return { order, all, states }
}

describeWithEngine(
  'an order',
  (harness) => {
    const { order, all, states } = ordersIn(harness)
    beforeEach(async () => {
      await harness.begin(yaml)
      await harness.deliver('units', units)
    })

    describe('of a source that owns its resources', () => {
      beforeEach(() => harness.deliver('ad', asItWas))

      test('are listed behind a cursor, and counted by source and state with the oldest of each', async () => {
        const order = (resource: string, orderedAt: string) =>
          ({ source: 'ad', entityType: 'Account', resource, values: { title: 'Head' }, orderedAt }) as const
        await harness.engine.stateOrders(
          [
            order('ada', '2026-03-01T00:00:00Z'),
            order('bob', '2026-01-01T00:00:00Z'),
            order('cid', '2026-02-01T00:00:00Z'),
          ],
          orderedBy,
        )
        const listed = []
        for await (const one of harness.repository.orders()) listed.push(one)
        expect(await allOrders(harness, { cursor: listed[0]?.cursor })).toEqual(listed.slice(1))
        expect(await allOrders(harness, { cursor: listed[0]?.cursor, limit: 1 })).toEqual(listed.slice(1, 2))
        const [count, ...others] = await harness.repository.countOrdersBy({ differing: true })
        expect(others).toEqual([])
        expect(count).toMatchObject({ source: 'ad', state: 'pending', count: 3 })
        expect(Date.parse(count?.oldest ?? '')).toBe(Date.parse('2026-01-01T00:00:00Z'))
      })

      test('is pending while the source says what it said before, and executed once it says what was ordered', async () => {
        const [stated] = await order({ id: 'R1', values: { title: 'Director' } })
        expect(stated).toMatchObject({
          order: 'R1',
          source: 'ad',
          entityType: 'Account',
          key: 'ada',
          property: 'title',
          expected: 'Director',
          asserted: 'Engineer',
          there: true,
          state: 'pending',
          by: 'eve',
          run: null,
        })
        const first = await harness.deliver('ad', asItWas)
        expect(first.orders).toEqual({ executed: 0, pending: 1, contradicted: 0, overdue: 0 })
        const second = await harness.deliver('ad', ada('Director,7,,,,,,,'))
        expect(second.orders).toEqual({ executed: 1, pending: 0, contradicted: 0, overdue: 0 })
        expect(await all()).toMatchObject([{ state: 'executed', asserted: 'Director', run: second.run }])
        expect(await all({ differing: true })).toEqual([])
      })

      test('is contradicted by another value, and by the old one once it had been executed', async () => {
        await order({ values: { title: 'Director' } })
        await harness.deliver('ad', ada('Chef,7,,,,,,,'))
        expect(await states()).toEqual(['title: Chef (contradicted)'])
        await harness.deliver('ad', ada('Director,7,,,,,,,'))
        expect(await states()).toEqual(['title: Director (executed)'])
        await harness.deliver('ad', asItWas)
        expect(await states()).toEqual(['title: Engineer (contradicted)'])
        expect(await all({ source: 'ad', differing: true })).toHaveLength(1)
        expect(await all({ source: 'units', differing: true })).toEqual([])
      })

      test('is overdue when its time is over and nothing has happened, and executed late all the same', async () => {
        await order({ values: { title: 'Director' }, dueAt: '2020-01-01' })
        const report = await harness.deliver('ad', asItWas)
        expect(report.orders).toMatchObject({ overdue: 1, pending: 0 })
        expect((await harness.deliver('ad', asItWas)).orders).toMatchObject({ overdue: 1 })
        await harness.deliver('ad', ada('Director,7,,,,,,,'))
        expect(await states()).toEqual(['title: Director (executed)'])
      })

      test('may be stated before its source has such a row', async () => {
        const [stated] = await order({ resource: 'bob', values: { title: 'Clerk' }, existence: 'exists' })
        expect(stated).toMatchObject({ there: false, asserted: 'gone' })
        await harness.deliver('ad', asItWas)
        expect(await states()).toEqual(['bob: gone (pending)', 'title: null (pending)'])
        await harness.deliver('ad', { Account: 'login,title\nada,Engineer\nbob,Boss' })
        expect(await states()).toEqual(['bob: exists (executed)', 'title: Boss (contradicted)'])
      })

      test('may be that a row should be gone, and comes again', async () => {
        await order({ existence: 'gone' })
        await harness.deliver('ad', asItWas)
        expect(await states()).toEqual(['ada: exists (pending)'])
        await harness.deliver('ad', { Account: 'login,title' })
        expect(await states()).toEqual(['ada: gone (executed)'])
        await harness.deliver('ad', asItWas)
        expect(await states()).toEqual(['ada: exists (contradicted)'])
      })

      test.each([
        ['level', '+007', '7'],
        ['cost', 19.5, '19.5'],
        ['active', true, 'true'],
        ['expires', '2026-12-31', '2026-12-31'],
        ['seen', '2026-01-31T11:00:00+01:00', '2026-01-31T10:00:00Z'],
        ['kind', 'user', 'user'],
        ['unit', 'Engineering', 'Engineering'],
        ['unit', 'ENG', 'Engineering'],
        ['salary', '1', undefined],
        ['level', 'seven', undefined],
        ['kind', 'robot', undefined],
        ['expires', '31/12/2026', undefined],
        ['photo', 'x', undefined],
        ['nothing', 'x', undefined],
      ] as const)('of %s as %s is compared by its value (%s)', async (property, value, asserted) => {
        const stating = order({ values: { [property]: value } })
        if (asserted === undefined) {
          await expect(stating).rejects.toMatchObject({
            code: expect.stringMatching(/^SLUICE-ORDER-0[12]$/),
          })
          expect(await all()).toEqual([])
        } else {
          await stating
          await harness.deliver('ad', asItWas)
          expect(await states()).toEqual([`${property}: ${asserted} (executed)`])
        }
      })

      test('may be that a property should be empty', async () => {
        await order({ values: { title: null, level: '' } })
        await harness.deliver('ad', ada(',7,,,,,,,'))
        expect(await states()).toEqual(['title: null (executed)', 'level: 7 (pending)'])
      })

      test('of a reference is compared by what the source calls it, where its target is unknown', async () => {
        await order({ values: { unit: 'LAW' } })
        await harness.deliver('ad', ada('Engineer,7,,,,,,LAW,'))
        expect(await states()).toEqual(['unit: LAW (executed)'])
      })

      test('names the row by its key, and by what its resource is called', async () => {
        await harness.deliver('units', { Department: 'c,name\nENG,Engineering\nE2,Engineering\nSAL,Sales' })
        const of = { source: 'units', entityType: 'Department', values: { name: 'x' } }
        expect(await order({ ...of, resource: 'SAL' })).toMatchObject([{ key: 'SAL' }])
        expect(await order({ ...of, resource: 'Sales' })).toMatchObject([{ key: 'SAL' }])
        await expect(order({ ...of, resource: 'Engineering' })).rejects.toMatchObject({
          code: 'SLUICE-ORDER-05',
          details: { keys: ['E2', 'ENG'] },
        })
      })

      test('may be stated again under its id, which says nothing new; but not with something else', async () => {
        const stated = await order({ id: 'R1', values: { title: 'Director' } })
        expect(await order({ id: 'R1', values: { title: 'Director' } })).toEqual(stated)
        await expect(order({ id: 'R1', values: { title: 'Chef' } })).rejects.toMatchObject({
          code: 'SLUICE-ORDER-03',
        })
        expect(await states()).toEqual(['title: Engineer (pending)'])
      })

      test('is superseded by a newer one of the same thing, whichever was stated first', async () => {
        await order({ values: { title: 'Director', level: 8 } })
        await order({ values: { title: 'Chef' } })
        await order({ values: { title: 'Cook' }, orderedAt: '2020-01-01' })
        expect(await states()).toEqual([
          'title: Engineer (superseded)',
          'level: 7 (pending)',
          'title: Engineer (pending)',
          'title: Engineer (superseded)',
        ])
        await order({ existence: 'gone' })
        expect((await states()).filter((text) => text.endsWith('(pending)'))).toEqual([
          'ada: exists (pending)',
        ])
      })

      test('is over when it is cancelled: no run looks at it any more', async () => {
        await order({ id: 'R1', values: { title: 'Director' } })
        expect(await harness.engine.cancelOrder('R1')).toMatchObject([{ state: 'cancelled' }])
        await expect(harness.engine.cancelOrder('R1')).rejects.toMatchObject({ code: 'SLUICE-ORDER-04' })
        const report = await harness.deliver('ad', ada('Director,7,,,,,,,'))
        expect(report).not.toHaveProperty('orders')
        expect(await states()).toEqual(['title: Engineer (cancelled)'])
      })

      test('is stated with all others of its request, or not at all', async () => {
        const orders = ['Director', 'x'].map((title, n) => ({
          source: n === 0 ? 'ad' : 'nowhere',
          entityType: 'Account',
          resource: 'ada',
          values: { title },
        }))
        await expect(harness.engine.stateOrders(orders, orderedBy)).rejects.toMatchObject({
          code: 'SLUICE-ORDER-01',
        })
        expect(await all()).toEqual([])
      })

      test('is not written where nothing has changed, and is left alone by runs of other sources', async () => {
        await order({ values: { title: 'Director' } })
        await harness.deliver('ad', asItWas)
        const before = await rowVersions(harness)
        await harness.deliver('ad', asItWas)
        const report = await harness.deliver('units', units)
        expect(report).not.toHaveProperty('orders')
        expect((await rowVersions(harness))['sluice_order']).toEqual(before['sluice_order'])
      })

      test('is compared when a held run is approved, and not while it is held', async () => {
        await harness.reconfigure(
          yaml.replace(
            '  ad:\n    folder: .\n    thresholds: off',
            '  ad:\n    folder: .\n    thresholds: { updated: 0 }',
          ),
        )
        await order({ values: { title: 'Director' } })
        const held = await harness.deliver('ad', ada('Director,7,,,,,,,'))
        expect(held).toMatchObject({ state: 'held' })
        expect(held).not.toHaveProperty('orders')
        expect(await states()).toEqual(['title: Engineer (pending)'])
        const { report } = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
        expect(report.orders).toMatchObject({ executed: 1 })
        expect(await states()).toEqual(['title: Director (executed)'])
      })

      test('stays as it is once its source does not map the property any more', async () => {
        await order({ values: { title: 'Director' }, existence: 'exists' })
        await harness.reconfigure(yaml.replace('          title: title\n', ''))
        await harness.deliver('ad', { Account: 'login,level\nada,7' })
        expect(await states()).toEqual(['ada: exists (executed)', 'title: Engineer (pending)'])
      })

      test('of a source that is not there is listed by nobody', async () => {
        await expect(all({ source: 'add', differing: true })).rejects.toMatchObject({
          code: 'SLUICE-REPOSITORY-12',
        })
      })

      test('shows with its resource', async () => {
        await order({ id: 'R1', values: { title: 'Director' } })
        expect(await harness.repository.explain('Account', 'ada')).toMatchObject({
          orders: [{ order: 'R1', property: 'title', state: 'pending' }],
        })
      })
    })

    describe('of a source that shares its resources', () => {
      const badge = { source: 'badge', entityType: 'Person', resource: 'k1' }
      const fill = (source: number, row: string) =>
        harness.execute(`insert into synchro_data_person_${source} ${row}`)
      const run = async (source: string) => {
        const [report] = await harness.engine.synchronize(source)
        return report
      }
      beforeEach(async () => {
        const ids = await harness.rows<{ name: string; source_id: number }>(
          'select name, source_id from sluice_source',
        )
        const idOf = (name: string) => ids.find((row) => row.name === name)?.source_id ?? 0
        await fill(idOf('badge'), `(primary_key, name, phone, unit) values ('k1', 'Ada', '1', 'ENG')`)
        await fill(idOf('phones'), `(primary_key, name, phone) values ('p1', 'Ada', '2')`)
        await run('badge')
        await run('phones')
      })
      const table = async () =>
        (
          await harness.rows<{ t: string }>(
            `select 'synchro_data_person_' || source_id as t from sluice_source where name = 'badge'`,
          )
        )[0]?.t

      test('is compared with what that source says, whoever wins', async () => {
        const [stated] = await order({ ...badge, values: { phone: '2' } })
        expect(stated).toMatchObject({ asserted: '1' })
        await run('badge')
        expect(await states()).toEqual(['phone: 1 (pending)'])
        await harness.execute(`update ${await table()} set phone = '2'`)
        expect((await run('badge'))?.orders).toMatchObject({ executed: 1 })
      })

      test('names references by what they are called or as the source does, and rows by their resources', async () => {
        await order({ ...badge, resource: 'Ada', values: { unit: 'Sales' } })
        await harness.execute(`update ${await table()} set unit = 'SAL'`)
        await run('badge')
        expect(await states()).toEqual(['unit: Sales (executed)'])
      })

      test('is contradicted where its row is gone', async () => {
        await order({ ...badge, values: { phone: '2' }, existence: 'exists' })
        await harness.execute(`delete from ${await table()}`)
        await run('badge')
        expect(await states()).toEqual(['k1: gone (contradicted)', 'phone: null (contradicted)'])
      })
    })
  },
  ['postgres-18'],
)
