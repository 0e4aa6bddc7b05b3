/**
 * What was ordered of links, and whether sources say so.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import type { NewLinkOrder } from '../../../model/src/index.ts'
import { describeWithEngine, type EngineHarness } from '../../test/engine-harness.ts'
import { allOrders, orderedBy } from '../../test/orders-in.ts'
import { rowVersions } from '../../test/snapshot.ts'

const yaml = `
entityTypes:
  Group: { display: name, properties: { code: integer, name: string } }
  Person: { display: name, properties: { login: string, name: string } }
  Holder: { display: name, properties: { name: string } }
  Door: { display: name, properties: { name: string, floor: integer } }
associations:
  Membership: { from: Person, to: Group, cardinality: many-to-many }
  Home: { from: Person, to: Group, cardinality: many-to-one }
  Access: { from: Holder, to: Door, cardinality: many-to-many }
  Desk: { from: Holder, to: Door, cardinality: many-to-one }
sources:
  units:
    folder: .
    thresholds: off
    entities:
      Group: { file: g.csv, key: code, properties: { code: c, name: name } }
      Person: { file: p.csv, key: login, properties: { login: login, name: name } }
  doors:
    folder: .
    thresholds: off
    entities: { Door: { file: d.csv, key: name, properties: { name: name, floor: floor } } }
  ad:
    folder: .
    thresholds: off
    associations:
      Membership: { file: m.csv, from: { column: p, by: login }, to: { column: g, by: code } }
      Home: { file: h.csv, from: { column: p, by: login }, to: { column: g, by: code } }
  badge:
    table: true
    thresholds: off
    entities:
      Holder:
        reconciliation: { rules: [[name]] }
        properties: { name: {} }
        linkSets:
          doors: { association: Access }
          desk: { association: Desk, as: place }
`

const units = {
  Group: 'c,name\n1,Admins\n2,Sales\n3,Twins\n4,Twins',
  Person: 'login,name\nada,Ada Lovelace\nbob,Bob',
}
const links = (membership: string, home = '') => ({ Membership: `p,g\n${membership}`, Home: `p,g\n${home}` })

function ordersIn(harness: EngineHarness) {
  const order = (of: Partial<NewLinkOrder> = {}) =>
    harness.engine.stateOrders(
      [{ source: 'ad', association: 'Membership', from: 'ada', to: '1', ...of }],
      orderedBy,
    )
  const all = (query = {}) => allOrders(harness, query)
  /** `ada → 1: gone (pending)`, or what is linked in its place. */
  const states = async () =>
    (await all()).map(
      ({ key, to, asserted, instead, state }) => `${key} → ${to}: ${instead ?? asserted} (${state})`,
    )
  return { order, all, states }
}

describeWithEngine(
  'an order of a link',
  (harness) => {
    const { order, all, states } = ordersIn(harness)
    beforeEach(async () => {
      await harness.begin(yaml)
      await harness.deliver('units', units)
      await harness.deliver('doors', { Door: 'name,floor\nLab,1\nHall,2\nAttic,3' })
    })

    describe('of a source whose files hold the links', () => {
      test('is pending, executed once the source says it, and contradicted once it says it no more', async () => {
        await harness.deliver('ad', links('ada,2'))
        const [stated] = await order({ id: 'R1' })
        expect(stated).toMatchObject({
          order: 'R1',
          source: 'ad',
          entityType: null,
          association: 'Membership',
          key: 'ada',
          to: '1',
          property: null,
          expected: 'exists',
          asserted: 'gone',
          instead: null,
          there: false,
          state: 'pending',
        })
        expect((await harness.deliver('ad', links('ada,2'))).orders).toMatchObject({ pending: 1 })
        const done = await harness.deliver('ad', links('ada,2\nada,1'))
        expect(done.orders).toEqual({ executed: 1, pending: 0, contradicted: 0, overdue: 0 })
        expect(await all()).toMatchObject([{ asserted: 'exists', state: 'executed', run: done.run }])
        expect(await all({ differing: true })).toEqual([])
        await harness.deliver('ad', links('ada,2'))
        expect(await states()).toEqual(['ada → 1: gone (contradicted)'])
        expect(await all({ source: 'ad', differing: true })).toHaveLength(1)
      })

      test('may be that the link should be gone, and comes again', async () => {
        await harness.deliver('ad', links('ada,1'))
        await order({ existence: 'gone' })
        await harness.deliver('ad', links('ada,1\nbob,1'))
        expect(await states()).toEqual(['ada → 1: exists (pending)'])
        await harness.deliver('ad', links('bob,1'))
        expect(await states()).toEqual(['ada → 1: gone (executed)'])
        await harness.deliver('ad', links('ada,1'))
        expect(await states()).toEqual(['ada → 1: exists (contradicted)'])
      })

      test('is contradicted by another link where an end may have one', async () => {
        await harness.deliver('ad', links('', 'ada,2'))
        const [stated] = await order({ association: 'Home' })
        expect(stated).toMatchObject({ asserted: 'gone', instead: '2', state: 'pending' })
        await harness.deliver('ad', links('', 'ada,3'))
        expect(await states()).toEqual(['ada → 1: 3 (contradicted)'])
        await harness.deliver('ad', links('', 'ada,1'))
        expect(await states()).toEqual(['ada → 1: exists (executed)'])
        await harness.deliver('ad', links('', 'ada,9'))
        expect(await states()).toEqual(['ada → 1: 9 (contradicted)'])
      })

      test('is overdue when its time is over and nothing has happened', async () => {
        await order({ dueAt: '2020-01-01' })
        expect((await harness.deliver('ad', links('bob,1'))).orders).toMatchObject({ overdue: 1, pending: 0 })
        await harness.deliver('ad', links('ada,1'))
        expect(await states()).toEqual(['ada → 1: exists (executed)'])
      })

      test('names the ends as the source does, in whatever spelling, or by what they are called', async () => {
        expect(await order({ to: '001' })).toMatchObject([{ key: 'ada', to: '1' }])
        expect(await order({ from: 'Ada Lovelace', to: 'Sales' })).toMatchObject([{ key: 'ada', to: '2' }])
        await expect(order({ to: 'Twins' })).rejects.toMatchObject({
          code: 'SLUICE-ORDER-05',
          details: { keys: ['3', '4'] },
        })
      })

      test('may name resources that are not there yet, and is executed while its link waits for them', async () => {
        await order({ from: 'eve', to: '77' })
        expect(await states()).toEqual(['eve → 77: gone (pending)'])
        await harness.deliver('ad', links('eve,77'))
        expect(await states()).toEqual(['eve → 77: exists (executed)'])
        await harness.deliver('units', {
          Group: `${units.Group}\n77,Late`,
          Person: `${units.Person}\neve,Eve`,
        })
        await harness.deliver('ad', links('eve,77\nbob,1'))
        expect(await states()).toEqual(['eve → 77: exists (executed)'])
        expect(await harness.repository.explain('Group', 'Late')).toMatchObject({
          orders: [{ key: 'eve', to: '77' }],
        })
      })

      test('is superseded by a newer one of the same link, and by another link at an end that may have one', async () => {
        await order()
        await order({ to: '2' })
        await order({ existence: 'gone' })
        await order({ association: 'Home' })
        await order({ association: 'Home', to: '2' })
        await order({ association: 'Home', to: '3', existence: 'gone' })
        await order({ association: 'Home', from: 'bob', to: '1' })
        expect((await all()).map(({ association, key, to, state }) => [association, key, to, state])).toEqual(
          [
            ['Membership', 'ada', '1', 'superseded'],
            ['Membership', 'ada', '2', 'pending'],
            ['Membership', 'ada', '1', 'pending'],
            ['Home', 'ada', '1', 'superseded'],
            ['Home', 'ada', '2', 'pending'],
            ['Home', 'ada', '3', 'pending'],
            ['Home', 'bob', '1', 'pending'],
          ],
        )
      })

      test('may be stated again, and not with something else', async () => {
        const stated = await order({ id: 'R1' })
        expect(await order({ id: 'R1' })).toEqual(stated)
        await expect(order({ id: 'R1', existence: 'gone' })).rejects.toMatchObject({
          code: 'SLUICE-ORDER-03',
          message: 'Order R1 already has another value of the existence of the link ada → 1.',
        })
        await order({ id: 'R1', to: '2' })
        expect(await all()).toHaveLength(2)
      })

      test('is stated with orders of rows, or not at all; is cancelled with them', async () => {
        const by = orderedBy
        const row = {
          id: 'R1',
          source: 'units',
          entityType: 'Person',
          resource: 'ada',
          values: { name: 'A' },
        }
        const link = { id: 'R1', source: 'ad', association: 'Access', from: 'ada', to: '1' }
        await expect(harness.engine.stateOrders([row, link], by)).rejects.toMatchObject({
          code: 'SLUICE-ORDER-01',
          message: 'Order R1: ad does not map an association Access; it maps Membership, Home.',
        })
        expect(await all()).toEqual([])
        await harness.engine.stateOrders([row, { ...link, association: 'Home' }], by)
        expect(await harness.engine.cancelOrder('R1')).toMatchObject([
          { property: 'name', state: 'cancelled' },
          { association: 'Home', state: 'cancelled' },
        ])
      })

      test('is not written where nothing has changed, and shows with both of its resources', async () => {
        await order({ id: 'R1' })
        await harness.deliver('ad', links('ada,2'))
        const before = await rowVersions(harness)
        await harness.deliver('ad', links('ada,2'))
        expect((await rowVersions(harness))['sluice_order']).toEqual(before['sluice_order'])
        const shown = { orders: [{ order: 'R1', association: 'Membership', state: 'pending' }] }
        expect(await harness.repository.explain('Person', 'ada')).toMatchObject(shown)
        expect(await harness.repository.explain('Group', 'Admins')).toMatchObject(shown)
        expect(await harness.repository.explain('Group', 'Sales')).not.toHaveProperty('orders')
      })
    })

    describe('of a source whose rows hold sets of links', () => {
      const access = { source: 'badge', association: 'Access', from: 'k1', to: 'Lab' }
      const desk = { ...access, association: 'Desk' }
      const run = async () => (await harness.engine.synchronize('badge'))[0]
      let table = ''
      beforeEach(async () => {
        const [row] = await harness.rows<{ id: number }>(
          `select source_id as id from sluice_source where name = 'badge'`,
        )
        table = `synchro_data_holder_${row?.id}`
        await harness.execute(
          `insert into ${table} (primary_key, name, doors, desk) values ('k1', 'Ada', 'door->name:Hall', 'place->floor:2')`,
        )
        await run()
      })
      const say = async (values: string) => {
        await harness.execute(`update ${table} set ${values}`)
        return await run()
      }

      test('is pending, executed once the row says it, and contradicted once it says it no more', async () => {
        expect(await order(access)).toMatchObject([{ key: 'k1', to: 'Lab', asserted: 'gone', instead: null }])
        expect((await say(`name = 'Ada', doors = 'door->name:Hall|door->name:Attic'`))?.orders).toMatchObject(
          {
            pending: 1,
          },
        )
        expect((await say(`doors = 'door->name:Hall|door->name:Lab'`))?.orders).toMatchObject({ executed: 1 })
        await say(`doors = ''`)
        expect(await states()).toEqual(['k1 → Lab: gone (contradicted)'])
      })

      test('compares who is meant, however the row names the target', async () => {
        await order({ ...access, from: 'Ada' })
        await say(`doors = 'door->floor:1'`)
        expect(await states()).toEqual(['k1 → Lab: exists (executed)'])
        const [lab] = await harness.rows<{ id: string }>(
          `select resource_id as id from door where name = 'Lab'`,
        )
        await say(`doors = 'door:${lab?.id}'`)
        expect(await states()).toEqual(['k1 → Lab: exists (executed)'])
        await order({ ...access, to: `#${lab?.id}` })
        await order({ ...access, to: '3' })
        await say(`doors = 'door->name:Lab|door->floor:3'`)
        expect(await states()).toEqual([
          'k1 → Lab: exists (executed)',
          `k1 → #${lab?.id}: exists (executed)`,
          'k1 → 3: exists (executed)',
        ])
      })

      test('is contradicted by another link of a row that may have one', async () => {
        expect(await order(desk)).toMatchObject([{ instead: 'Hall', state: 'pending' }])
        await say(`desk = 'place->floor:3'`)
        expect(await states()).toEqual(['k1 → Lab: Attic (contradicted)'])
        await say(`desk = 'place->name:Lab'`)
        expect(await states()).toEqual(['k1 → Lab: exists (executed)'])
      })

      test('is contradicted where its row is missing from a load, whatever becomes of the link', async () => {
        await order({ ...access, to: 'Hall' })
        await say(`name = 'Ada'`)
        await harness.engine.tables.load(
          'badge',
          { csv: 'primary_key;name\nk2;Bob\n' },
          { by: orderedBy, force: true },
        )
        expect(await states()).toEqual(['k1 → Hall: gone (contradicted)'])
      })

      test('is about what the row says: neither a person’s link nor one that it says nothing of any more', async () => {
        await order(access)
        await harness.engine.edit(
          { edits: [{ action: 'link', association: 'Access', from: 'Ada', to: 'Lab' }], role: 'user' },
          { by: orderedBy },
        )
        await say(`name = 'Ada'`)
        expect(await states()).toEqual(['k1 → Lab: gone (pending)'])
        await say(`doors = 'door->name:Lab'`)
        expect(await states()).toEqual(['k1 → Lab: exists (executed)'])
        await harness.execute(`delete from ${table}`)
        await run()
        expect(await states()).toEqual(['k1 → Lab: gone (contradicted)'])
      })
    })
  },
  ['postgres-18'],
)
