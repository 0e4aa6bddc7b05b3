import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: {display: name, properties: {name: {type: string, required: true}, phone: string}}
sources:
  book:
    table: true
    entities:
      Person: {reconciliation: {rules: [[name]]}, delete: delete, properties: {name: {}, phone: {}}}
`

const by = { kind: 'person', name: 'Ada' } as const
const load = (harness: EngineHarness, csv: string) => harness.engine.tables.load('book', { csv }, { by })
const people = (harness: EngineHarness) => harness.rows('select name from person order by name')
const keys = (harness: EngineHarness) =>
  harness.rows('select key, status from replica_book_person order by key')

async function emptied(harness: EngineHarness) {
  await harness.begin(yaml)
  await load(harness, 'primary_key;name\n1;Ann\n2;Bob\n')
  const { report } = await load(harness, 'primary_key;name\n')
  return report
}

describeWithEngine(
  'a table of which everything has disappeared',
  (harness) => {
    test('is held, however small it is, and loses nothing', async () => {
      const report = await emptied(harness)
      expect(report).toMatchObject({
        state: 'held',
        exceeded: expect.arrayContaining([expect.objectContaining({ threshold: 'everything', found: 2 })]),
      })
      expect(await people(harness)).toHaveLength(2)
      expect(await keys(harness)).toEqual([
        { key: '1', status: 'synchronized' },
        { key: '2', status: 'synchronized' },
      ])
    })

    test('is emptied when somebody approves that', async () => {
      const report = await emptied(harness)
      const approved = await harness.engine.approve(report?.run ?? 0, { by: 'Ada' })
      expect(approved).toMatchObject({ moved: false, report: { state: 'applied' } })
      expect(await people(harness)).toEqual([])
      expect(await keys(harness)).toEqual([])
    })

    test('is computed again by an approval when a row has come back meanwhile', async () => {
      const report = await emptied(harness)
      await harness.execute(`update synchro_data_person_1 set phone = '1' where primary_key = '1'`)
      const approved = await harness.engine.approve(report?.run ?? 0, { by: 'Ada' })
      expect(approved.moved).toBe(true)
      expect(await people(harness)).toContainEqual({ name: 'Ann' })
    })

    test('is emptied by one approval when somebody has created another resource meanwhile', async () => {
      const report = await emptied(harness)
      const values = { name: 'Zed' }
      await harness.engine.edit(
        { edits: [{ action: 'create', type: 'Person', values }], role: 'user' },
        { by },
      )
      const approved = await harness.engine.approve(report?.run ?? 0, { by: 'Ada' })
      expect(approved).toMatchObject({ moved: true, report: { state: 'applied', decision: { by: 'Ada' } } })
      expect(await people(harness)).toEqual([{ name: 'Zed' }])
    })

    test('is what it was when somebody rejects it, and the next load decides', async () => {
      const report = await emptied(harness)
      await harness.engine.reject(report?.run ?? 0, { by: 'Ada' })
      const { report: next } = await load(harness, 'primary_key;name\n1;Ann\n2;Bob\n')
      expect(next).toMatchObject({
        state: 'applied',
        entities: [{ replicas: { disappeared: 0, unchanged: 2 } }],
      })
      expect(await people(harness)).toHaveLength(2)
    })
  },
  servers.slice(-1),
)
