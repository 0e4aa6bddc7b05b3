/**
 * Resources that somebody has deleted with SQL, behind rows that say what they said before.
 */
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, servers } from '../../test/engine-harness.ts'

const yaml = `
entityTypes:
  Server: { display: name, properties: { name: string, room: string, owner: string } }
sources:
  rack:
    thresholds: off
    entities: { Server: { file: a.csv, key: name, reconciliation: { rules: [[name]] }, properties: { name: name, room: room } } }
  scan:
    thresholds: off
    entities: { Server: { file: b.csv, key: name, reconciliation: { rules: [[name]] }, properties: { name: name, owner: owner } } }
`
const rack = { Server: 'name,room\na,1\nb,2\nc,3' }
const scan = { Server: 'name,owner\na,Ann\nb,Bob\nc,Cid' }

describeWithEngine(
  'a resource that vanished',
  (harness) => {
    beforeEach(async () => {
      await harness.begin(yaml)
      await harness.deliver('rack', rack)
      await harness.deliver('scan', scan)
    })

    const statuses = async (source: string) =>
      (
        await harness.rows<{ key: string; status: string }>(
          `select key, status from replica_${source}_server order by key`,
        )
      ).map(({ key, status }) => `${key} ${status}`)
    /** By how much what each source goes by differs from what there is. */
    const differences = () =>
      harness.rows(
        `select s.name as source, (c.resources - (select count(*) from server))::int as difference
         from sluice_resource_count c join sluice_source s using (source_id) order by s.name`,
      )
    const counted = [
      { source: 'rack', difference: 0 },
      { source: 'scan', difference: 0 },
    ]

    test('is found by the next complete of each source that knows it', async () => {
      await harness.execute(`delete from server where name = 'b'`)
      const { entities } = await harness.deliver('rack', rack)
      expect(entities).toMatchObject([{ replicas: { unchanged: 2, updateErrors: 1, created: 0 } }])
      expect(await statuses('rack')).toEqual(['a synchronized', 'b orphan', 'c synchronized'])
      expect(await statuses('scan')).toEqual(['a synchronized', 'b synchronized', 'c synchronized'])
      await harness.deliver('scan', scan)
      expect(await statuses('scan')).toEqual(['a synchronized', 'b orphan', 'c synchronized'])
      // It is told once.
      expect(await harness.deliver('rack', rack)).toMatchObject({
        entities: [{ replicas: { updateErrors: 0 } }],
      })
    })

    test('is found though somebody has inserted another one', async () => {
      await harness.execute(`delete from server where name = 'b';
        insert into server (resource_id, name, _created_run, _changed_run) values (nextval('sluice_resource_id'), 'z', 1, 1)`)
      await harness.deliver('rack', rack)
      expect(await statuses('rack')).toEqual(['a synchronized', 'b orphan', 'c synchronized'])
    })

    test('is found when its row comes back, which was missing when the run looked', async () => {
      await harness.begin(
        yaml.replace('{ Server: { file: a.csv,', '{ Server: { delete: ignore, file: a.csv,'),
      )
      await harness.deliver('rack', rack)
      await harness.execute(`delete from server where name = 'b'`)
      await harness.deliver('rack', { Server: 'name,room\na,1\nc,3' })
      expect(await statuses('rack')).toEqual(['a synchronized', 'b synchronized', 'c synchronized'])
      await harness.deliver('rack', rack)
      expect(await statuses('rack')).toEqual(['a synchronized', 'b orphan', 'c synchronized'])
    })

    test('is not looked for where there are as many as there should be, whoever has made and deleted some', async () => {
      expect(await differences()).toEqual(counted)
      await harness.deliver('rack', { Server: 'name,room\na,1\nb,2\nc,3\nd,4\ne,5' })
      await harness.deliver('scan', { Server: 'name,owner\na,Ann\nb,Bob' })
      await harness.deliver('rack', { Server: 'name,room\na,1\nb,2\nd,4\ne,5' })
      const by = { kind: 'person', name: 'olga' } as const
      await harness.engine.edit(
        {
          edits: [
            { action: 'create', type: 'Server', values: { name: 'f' } },
            { action: 'create', type: 'Server', values: { name: 'g' } },
          ],
          role: 'administrator',
        },
        { by },
      )
      await harness.engine.edit(
        { edits: [{ action: 'delete', type: 'Server', resource: 'f' }], role: 'administrator' },
        { by },
      )
      await harness.engine.revert({ revert: 3, skipConflicts: true }, { by, force: true })
      expect(await differences()).toEqual(counted)
    })

    test('is looked for again where a run was held that had found it', async () => {
      await harness.execute(`delete from server where name = 'b'`)
      await harness.reconfigure(yaml.replaceAll('thresholds: off', 'thresholds: { updated: 0 }'))
      const held = await harness.deliver('rack', { Server: 'name,room\na,9\nb,2\nc,9' })
      expect(held.state).toBe('held')
      await harness.engine.reject(held.run ?? 0, { by: 'olga' })
      expect(await statuses('rack')).toContain('b synchronized')
      await harness.deliver('rack', rack)
      expect(await statuses('rack')).toContain('b orphan')
    })
  },
  servers,
)
