/**
 * Sources that say nothing any more, and what was to go when its time is over.
 */
import type { RunBy } from '@sluice/model'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../../../engine/test/engine-harness.ts'

const yaml = `
entityTypes:
  Server: { display: name, properties: { name: string, status: string } }
  Rack: { display: name, properties: { name: string, server: { type: reference, to: Server, required: true } } }
sources:
  table:
    table: true
    owner: olga
    thresholds: { deleted: 2 }
    entities:
      Server: { fullLoadInterval: 1d, delete: delete, reconciliation: { rules: [[name]] }, properties: { name: {} } }
  files:
    thresholds: { deleted: 2 }
    entities:
      Server:
        file: servers.csv
        key: name
        delete: { action: update_then_delete, update: { status: gone }, retention: 30d }
        reconciliation: { rules: [[name]] }
        properties: { name: name }
  racks:
    entities:
      Rack: { file: racks.csv, key: name, properties: { name: name, server: server } }
`
const by: RunBy = { kind: 'program', name: 'a test' }

describeWithEngine(
  'ageing',
  (harness) => {
    beforeEach(() => harness.begin(yaml))

    const { age, ageByItself, names, later, runs } = actions(harness)

    test('lets rows of an open table go that nobody has touched for its interval, and writes nothing where there are none', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      expect(await age('table')).toBeUndefined()
      expect(await runs()).toEqual(['replicas applied'])
      await later('table', 2, "key = 'a'")
      expect(await harness.engine.ageing.plan('table', { by, sample: 3 })).toMatchObject({
        report: { run: null, cause: 'ageing', state: 'planned', entities: [{ changes: { deleted: 1 } }] },
        changes: [{ operation: 'delete', key: 'a' }],
      })
      expect(await age('table')).toMatchObject({
        cause: 'ageing',
        by,
        source: 'table',
        mode: null,
        state: 'applied',
        entities: [
          { changes: { inserted: 0, updated: 0, deleted: 1 }, replicas: { deleted: 1, disappeared: 1 } },
        ],
      })
      expect(await names()).toEqual(['b', 'c'])
      expect(await age('table')).toBeUndefined()
      expect(await runs()).toEqual(['replicas applied', 'ageing applied'])
    })

    test('applies nothing of what clients have written meanwhile', async () => {
      await write(harness, 'a', 'b')
      await harness.engine.tables.synchronize('table', { by })
      await later('table', 2, "key = 'a'")
      await write(harness, 'c')
      await age('table')
      expect(await names()).toEqual(['b'])
    })

    test('deletes what a delivery has missed when its retention is over, though no file comes any more', async () => {
      await harness.deliver('files', { Server: 'name\na\nb\nc' })
      await harness.deliver('files', { Server: 'name\nb\nc' })
      expect(await names()).toEqual(['a', 'b', 'c'])
      expect(await age('files')).toBeUndefined()
      await later('files', 31)
      expect(await ageByItself('files')).toMatchObject({
        cause: 'ageing',
        by: { kind: 'schedule', name: 'ageing' },
        entities: [{ changes: { deleted: 1 } }],
      })
      // What was in the last file stays, however old that is.
      expect(await names()).toEqual(['b', 'c'])
      expect(await ageByItself('files')).toBeUndefined()
    })

    test('is held where everything would go, and approved or rejected like any other run', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      await later('table', 2)
      const held = await ageByItself('table')
      expect(held).toMatchObject({ state: 'held', run: 2 })
      expect(held?.exceeded.map(({ threshold }) => threshold)).toContain('everything')
      // Somebody has to decide about it first; whoever asks for it again gets it computed again.
      expect(await ageByItself('table')).toBeUndefined()
      expect(await age('table')).toMatchObject({ state: 'held', run: 3 })
      await harness.engine.reject(3, { by: 'olga' })
      expect(await ageByItself('table')).toBeUndefined()
      expect(await runs()).toEqual(['replicas applied', 'ageing cancelled', 'ageing rejected'])
      expect(await age('table', { force: true })).toMatchObject({ state: 'applied' })
      expect(await names()).toEqual([])
    })

    test('that was held is computed again where the repository has moved', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      await later('table', 2)
      await age('table')
      await write(harness, 'a')
      const { report, moved } = await harness.engine.approve(2, { by: 'olga' })
      expect(moved).toBe(true)
      expect(report).toMatchObject({
        cause: 'ageing',
        by,
        state: 'held',
        entities: [{ changes: { deleted: 2 } }],
      })
      await harness.engine.approve(3, { by: 'olga' })
      expect(await names()).toEqual(['a'])
    })

    test('that was approved passes where others have changed something else meanwhile', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      await later('table', 2)
      await age('table')
      await harness.deliver('files', { Server: 'name\nz' })
      const { report, moved } = await harness.engine.approve(2, { by: 'olga', reason: 'as agreed' })
      expect(moved).toBe(true)
      expect(report).toMatchObject({ state: 'applied', decision: { by: 'olga', reason: 'as agreed' } })
      expect(await names()).toEqual(['z'])
    })

    test('that is held makes way for a run that says everything', async () => {
      await harness.deliver('files', { Server: 'name\na\nb\nc\nd\ne' })
      await harness.deliver('files', { Server: 'name\na\nb' }, { force: true })
      await later('files', 31)
      expect(await age('files')).toMatchObject({ state: 'held' })
      await harness.deliver('files', { Server: 'name\na\nb\nc\nd\ne' })
      expect((await runs()).slice(-2)).toEqual(['ageing cancelled', 'delivery applied'])
      expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    test('keeps what others require, tries it again where it may go by now, and leaves no run behind where it may not', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      await harness.deliver('racks', { Rack: 'name,server\nr1,a' })
      await later('table', 2, "key = 'a'")
      expect(await age('table')).toMatchObject({
        entities: [{ replicas: { deleted: 0, deletionErrors: 1 } }],
      })
      expect(await age('table')).toBeUndefined()
      expect(await ageByItself('table')).toBeUndefined()
      expect(await names()).toEqual(['a', 'b', 'c'])
      await harness.deliver('racks', { Rack: 'name,server\nr1,b' })
      expect(await ageByItself('table')).toMatchObject({ entities: [{ replicas: { deleted: 1 } }] })
      expect(await names()).toEqual(['b', 'c'])
    })

    test('happens once, however many look at the same time', async () => {
      await write(harness, 'a', 'b', 'c')
      await harness.engine.tables.synchronize('table', { by })
      await later('table', 2, "key = 'a'")
      await Promise.all([ageByItself('table'), ageByItself('table'), age('table'), age('table')])
      expect(await runs()).toEqual(['replicas applied', 'ageing applied'])
    })

    test('is of sources alone of which anything can age, and of whoever may run them', async () => {
      expect(harness.engine.ageing.sources()).toEqual(['table', 'files'])
      await expect(
        harness.engine.ageing.age('table', { by, runner: { name: 'eve', administrator: false } }),
      ).rejects.toMatchObject({ code: 'SLUICE-RUN-04' })
      await expect(age('none')).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-01' })
    })
  },
  servers,
)

describeWithEngine(
  'ageing between two incrementals',
  (harness) => {
    test('leaves rows rejected that nobody has mended', async () => {
      await harness.begin(`
entityTypes:
  Server: { properties: { name: string, status: string } }
  Disk: { properties: { name: string, size: integer } }
sources:
  files:
    thresholds: off
    entities:
      Server:
        file: servers.csv
        key: name
        delete: { action: update_then_delete, update: { status: gone }, retention: 30d }
        properties: { name: name }
      Disk: { file: disks.csv, key: name, properties: { name: name, size: size } }
`)
      const { age, later, runs } = actions(harness)
      const rejected = () =>
        harness.rows(
          'select r.run_id, x.key, x.value from sluice_run r join sluice_rejected_row x on x.run_id = coalesce(r.rejected_run, r.run_id) where r.run_id = (select max(run_id) from sluice_run)',
        )
      const disks = 'name,size\nd,1\ne,large'
      await harness.deliver('files', { Server: 'name\na\nb', Disk: disks })
      await harness.deliver('files', { Server: 'name\na', Disk: disks })
      await later('files', 31)
      await age('files')
      expect(await rejected()).toEqual([{ run_id: '3', key: 'e', value: 'large' }])
      await harness.deliver(
        'files',
        { Server: 'command,name', Disk: 'command,name,size\nupdate,d,2' },
        { mode: 'incremental' },
      )
      expect(await rejected()).toEqual([{ run_id: '4', key: 'e', value: 'large' }])
      expect(await runs()).toEqual([
        'delivery applied',
        'delivery applied',
        'ageing applied',
        'delivery applied',
      ])
    })
  },
  servers,
)

function actions(harness: EngineHarness) {
  const ageing = () => harness.engine.ageing
  return {
    age: (source: string, options: { readonly force?: boolean } = {}) =>
      ageing().age(source, { by, ...options }),
    ageByItself: (source: string) => ageing().ageByItself(source),
    names: async () =>
      (await harness.rows<{ name: string }>('select name from server order by name')).map(({ name }) => name),
    /** As if so many days had gone by since the source was heard of. */
    later: async (source: string, days: number, which = 'true') => {
      const past = (column: string) => `${column} = ${column} - interval '${days} days'`
      await harness.execute(
        `update replica_${source}_server set ${past('last_seen')}, ${past('absent_since')} where ${which};
         update sluice_load set ${past('loaded_at')}`,
      )
    },
    runs: async () =>
      (
        await harness.rows<{ cause: string; state: string }>(
          'select cause, state from sluice_run order by run_id',
        )
      ).map(({ cause, state }) => `${cause} ${state}`),
  }
}

async function write(harness: EngineHarness, ...names: readonly string[]): Promise<void> {
  const rows = names.map((name) => `('${name}', '${name}')`).join(', ')
  await harness.execute(`insert into synchro_data_server_1 (primary_key, name) values ${rows}
    on conflict (primary_key) do update set name = excluded.name`)
}
