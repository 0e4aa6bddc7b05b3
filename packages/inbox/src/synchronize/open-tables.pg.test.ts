import type { RunBy } from '@sluice/model'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, servers } from '../../../engine/test/engine-harness.ts'
import type { LoadOptions } from './open-tables.ts'

const yaml = `
entityTypes:
  Server: { display: name, properties: { name: string, serial: string, units: integer } }
sources:
  s1:
    table: true
    owner: olga
    thresholds: { deleted: 1 }
    entities:
      Server:
        delete: delete
        reconciliation: { rules: [[name]] }
        properties: { name: {}, serial: {}, units: {} }
`
const retired = yaml.replace('owner: olga', 'status: obsolete')
const by: RunBy = { kind: 'program', name: 'a test' }
const three = 'key;name\n1;a\n2;b\n3;c\n'

describeWithEngine('a source whose rows stand in open tables', (harness) => {
  beforeEach(() => harness.begin(yaml))

  const load = (csv: string, options: Partial<LoadOptions> = {}) =>
    harness.engine.tables.load('s1', { csv }, { by, ...options })
  const run = (options: Partial<LoadOptions> = {}) =>
    harness.engine.tables.synchronize('s1', { by, ...options })
  const names = async () =>
    (await harness.rows<{ name: string }>('select name from server order by name')).map(({ name }) => name)
  const statuses = async () =>
    (
      await harness.rows<{ key: string; status: string }>(
        'select key, status from replica_s1_server order by key',
      )
    ).map(({ key, status }) => `${key} ${status}`)

  test('is loaded and run in one step, under the cause "replicas"', async () => {
    const { load: loaded, report, refusal } = await load(three)
    expect(loaded).toMatchObject({ rows: 3, inserted: 3 })
    expect(refusal).toBeNull()
    expect(report).toMatchObject({
      cause: 'replicas',
      by,
      source: 's1',
      delivery: null,
      state: 'applied',
      entities: [{ mapping: 'Server', replicas: { created: 3 } }],
    })
    expect(await names()).toEqual(['a', 'b', 'c'])
    expect(await statuses()).toEqual(['1 synchronized', '2 synchronized', '3 synchronized'])
  })

  test('is run on what clients have written', async () => {
    await harness.execute(
      "insert into synchro_data_server_1 (primary_key, name, units) values ('x', 'x', '4')",
    )
    const [report] = await harness.engine.synchronize('s1', { by })
    expect(report).toMatchObject({ cause: 'replicas', by, mode: null, state: 'applied' })
    expect(await names()).toEqual(['x'])
  })

  test('keeps what is loaded for a later run where none is asked for', async () => {
    expect(await load(three, { run: false })).toMatchObject({ report: null, refusal: null })
    expect(await names()).toEqual([])
    expect(await run()).toMatchObject({ state: 'applied' })
    expect(await names()).toEqual(['a', 'b', 'c'])
  })

  test('loses what a load misses, and a threshold may hold that', async () => {
    await load(three)
    const { report } = await load('key;name\n1;a\n')
    expect(report).toMatchObject({ state: 'held', exceeded: [{ threshold: 'deleted', found: 2 }, {}, {}] })
    expect(await names()).toEqual(['a', 'b', 'c'])
    const { report: approved, moved } = await harness.engine.approve(report?.run ?? 0, { by: 'grace' })
    expect({ state: approved.state, moved }).toEqual({ state: 'applied', moved: false })
    expect(await names()).toEqual(['a'])
    expect(await statuses()).toEqual(['1 synchronized'])
  })

  test('may be rejected; the next load is weighed again', async () => {
    await load(three)
    const { report } = await load('key;name\n1;a\n')
    await harness.engine.reject(report?.run ?? 0, { by: 'grace' })
    const { report: again } = await load('key;name\n1;a\n')
    expect(again?.state).toBe('held')
    const { report: forced } = await load('key;name\n1;a\n', { force: true })
    expect(forced?.state).toBe('applied')
    expect(await names()).toEqual(['a'])
  })

  test('lets the next run take the place of one that is held', async () => {
    await load(three)
    const { report: held } = await load('key;name\n1;a\n')
    const { report } = await load(three)
    expect(report?.state).toBe('applied')
    expect(await harness.repository.run(held?.run ?? 0)).toMatchObject({
      state: 'cancelled',
      notes: [expect.stringContaining('Replaced by the next run')],
    })
    await expect(harness.engine.approve(held?.run ?? 0, { by: 'grace' })).rejects.toMatchObject({
      code: 'SLUICE-RUN-01',
    })
  })

  test('is computed again, as the run behind a load that it was, where the repository moved while it was held', async () => {
    await load(three)
    const { report } = await load('key;name\n1;a\n')
    await harness.execute("update server set serial = 'written by somebody' where name = 'b'")
    const { report: again, moved } = await harness.engine.approve(report?.run ?? 0, { by: 'grace' })
    expect({ moved, state: again.state, mode: again.mode }).toEqual({
      moved: true,
      state: 'held',
      mode: 'complete',
    })
  })

  test('says what a load and its run would do, and leaves nothing of it', async () => {
    await load('key;name\n1;a\n')
    const { load: loaded, plan } = await harness.engine.tables.planLoad(
      's1',
      { csv: 'key;name;serial\n1;a;s\n2;b;t\n' },
      { by, sample: 3 },
    )
    expect(loaded).toMatchObject({ inserted: 1, changed: 1 })
    expect(plan.report).toMatchObject({
      state: 'planned',
      run: null,
      entities: [{ replicas: { created: 1, updated: 1 } }],
    })
    expect(await names()).toEqual(['a'])
    expect(await statuses()).toEqual(['1 synchronized'])
    const empty = await harness.engine.tables.plan('s1', { by, sample: 3 })
    expect(empty.report).toMatchObject({ entities: [{ changes: { inserted: 0, updated: 0, deleted: 0 } }] })
  })

  test('is run by administrators and by its owner; what somebody else loads stays loaded', async () => {
    const bob = { name: 'bob', administrator: false }
    await expect(run({ runner: bob })).rejects.toMatchObject({ code: 'SLUICE-RUN-04' })
    const { load: loaded, report, refusal } = await load(three, { runner: bob })
    expect({ inserted: loaded.inserted, report, code: refusal?.code }).toEqual({
      inserted: 3,
      report: null,
      code: 'SLUICE-RUN-04',
    })
    expect(await statuses()).toEqual(['1 new', '2 new', '3 new'])
    expect(await harness.repository.runs()).toEqual([])
    expect(await run({ runner: { name: 'olga', administrator: false } })).toMatchObject({ state: 'applied' })
    expect(await run({ runner: { name: 'root', administrator: true } })).toMatchObject({ state: 'applied' })
  })

  test('is loaded, and not run any more, when it is obsolete', async () => {
    await harness.reconfigure(retired)
    expect(await load(three)).toMatchObject({ report: null, refusal: { code: 'SLUICE-RUN-05' } })
    await expect(run()).rejects.toMatchObject({ code: 'SLUICE-RUN-05' })
    expect(await names()).toEqual([])
  })
})

describeWithEngine(
  'runs of one open table',
  (harness) => {
    beforeEach(() => harness.begin(yaml))

    test('at the same time go one after the other', async () => {
      await harness.engine.tables.load('s1', { csv: three }, { by, run: false })
      const reports = await Promise.all([1, 2].map(() => harness.engine.tables.synchronize('s1', { by })))
      const created = reports.map(({ entities }) => entities[0]?.replicas?.created)
      expect(created.toSorted()).toEqual([0, 3])
    })
  },
  servers.slice(0, 1),
)
