/**
 * Sources that are not run for a while: what they have said stays, and what comes of them waits.
 */
import type { RunBy } from '@sluice/model'
import { readSuspensions, resumeSource, SourceSuspendedError, suspendSource } from '@sluice/repository'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, servers } from '../../../engine/test/engine-harness.ts'

const yaml = `
entityTypes:
  Server: { display: name, properties: { name: string, units: integer } }
sources:
  table:
    table: true
    entities:
      Server: { fullLoadInterval: 1d, delete: delete, reconciliation: { rules: [[name]], onMultiple: queue }, properties: { name: {}, units: {} } }
  files:
    thresholds: off
    entities:
      Server: { file: servers.csv, key: name, reconciliation: { rules: [[name]] }, properties: { name: name } }
`
const by: RunBy = { kind: 'program', name: 'olga' }

describeWithEngine(
  'a suspended source',
  (harness) => {
    beforeEach(() => harness.begin(yaml))

    const suspend = (source: string, more: { readonly until?: string; readonly reason?: string } = {}) =>
      harness.database.transaction((session) => suspendSource(session, { source, by, ...more }))
    const resume = (source: string) =>
      harness.database.transaction((session) => resumeSource(session, { source, by }))
    const runs = () => harness.rows<{ cause: string }>('select cause from sluice_run order by run_id')

    test('has its deliveries wait, in order, until it is resumed', async () => {
      await suspend('files', { reason: 'the export is mended' })
      const first = await harness.send('files', { Server: 'name\na' })
      await harness.send('files', { Server: 'name\na\nb' })
      expect(await harness.engine.waitingSources()).toEqual([])
      await expect(harness.engine.synchronize('files')).rejects.toThrow(
        /^Source files is suspended since .* UTC, by olga: the export is mended\.$/,
      )
      expect(await harness.engine.inbox.chain('files')).toMatchObject({
        suspension: { reason: 'the export is mended', until: null, by },
      })
      expect(await harness.engine.inbox.status(first)).toMatchObject({ state: 'ready' })
      expect(await runs()).toEqual([])
      expect(await resume('files')).toBe(true)
      expect(await resume('files')).toBe(false)
      expect(await harness.engine.waitingSources()).toMatchObject([{ source: 'files' }])
      expect(await harness.engine.synchronize('files')).toMatchObject([
        { state: 'applied' },
        { state: 'applied' },
      ])
      expect((await harness.engine.inbox.chain('files')).suspension).toBeNull()
    })

    test('is loaded, and not run; people carry nothing of it out, and nothing of it ages', async () => {
      const load = (csv: string) => harness.engine.tables.load('table', { csv }, { by })
      await load('key;name;units\n1;a;1\n2;b;2\n')
      await suspend('table')
      const { load: loaded, report, refusal } = await load('key;name;units\n1;a;9\n2;b;2\n')
      expect(loaded).toMatchObject({ changed: 1 })
      expect(report).toBeNull()
      expect(refusal).toBeInstanceOf(SourceSuspendedError)
      await expect(harness.engine.tables.synchronize('table', { by })).rejects.toThrow(SourceSuspendedError)
      await harness.execute(
        "update replica_table_server set last_seen = '2000-01-01', absent_since = '2000-01-01' where key = '2'",
      )
      expect(await harness.engine.ageing.ageByItself('table')).toBeUndefined()
      await expect(harness.engine.ageing.age('table', { by })).rejects.toThrow(SourceSuspendedError)
      expect(await harness.rows('select name, units from server order by name')).toEqual([
        { name: 'a', units: '1' },
        { name: 'b', units: '2' },
      ])
      // What it has said locks what it has said.
      await expect(
        harness.engine.edit(
          {
            edits: [{ action: 'update', type: 'Server', resource: 'a', values: { units: 5 } }],
            role: 'administrator',
          },
          { by },
        ),
      ).rejects.toMatchObject({ code: 'SLUICE-EDIT-01' })
      await resume('table')
      expect(await harness.engine.tables.synchronize('table', { by })).toMatchObject({ state: 'applied' })
    })

    test('may run again by itself when its time is over, and cannot be suspended until a time that is', async () => {
      await expect(suspend('files', { until: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
        code: 'SLUICE-SOURCE-10',
      })
      const { since } = await suspend('files', { until: '2999-01-01T00:00:00Z' })
      // Again, it has another end, and began when it did.
      expect(await suspend('files', { until: '2998-01-01T00:00:00Z', reason: 'mending' })).toMatchObject({
        since,
        until: expect.stringContaining('2998'),
        reason: 'mending',
      })
      await harness.execute("update sluice_suspension set until_at = clock_timestamp() - interval '1 second'")
      expect(await harness.database.session((session) => readSuspensions(session))).toEqual(new Map())
      await harness.deliver('files', { Server: 'name\na' })
      expect(await runs()).toHaveLength(1)
    })

    test('says in its history who has suspended it, until when, why, and who has resumed it', async () => {
      await suspend('files', { until: '2999-01-01T00:00:00Z', reason: 'mending' })
      await resume('files')
      expect(
        await harness.rows('select event, detail, by_name as by from sluice_source_change order by position'),
      ).toEqual([
        { event: 'suspended', detail: expect.stringMatching(/^until 2999-01-01.*: mending$/), by: 'olga' },
        { event: 'resumed', detail: null, by: 'olga' },
      ])
    })
  },
  servers,
)
