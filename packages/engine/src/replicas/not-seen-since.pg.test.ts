/**
 * Rows of sources that were last seen long ago: as they are listed.
 */
import type { ReplicasQuery } from '@sluice/repository'
import { expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { name: string } }
sources:
  doors:
    table: true
    thresholds: off
    entities: { Person: { reconciliation: { rules: [[name]] }, properties: { name: {} } } }
`
const by = { kind: 'person', name: 'olga' } as const

describeWithEngine('rows that were not seen since', (harness) => {
  test('are those that nothing has written, loaded or kept since', async () => {
    await harness.begin(yaml)
    await harness.engine.tables.load('doors', { csv: 'key;name\n1;Ann\n2;Bob\n3;Cid\n' }, { by })
    const set = (column: string, time: string, key: string) =>
      harness.execute(`update replica_doors_person set ${column} = '${time}' where key = '${key}'`)
    await harness.execute("update sluice_load set loaded_at = '2026-02-01T00:00:00Z'")
    await set('last_seen', '2026-01-01T00:00:00Z', '1')
    await set('last_seen', '2026-03-01T00:00:00Z', '2')
    await set('absent_since', '2026-01-15T00:00:00Z', '3')
    const keys = async (query: ReplicasQuery) => {
      const found: string[] = []
      for await (const { key, lastSeen } of harness.repository.replicas('doors', query)) {
        if (query.notSeenSince !== undefined)
          expect(Date.parse(lastSeen)).toBeLessThan(Date.parse(query.notSeenSince))
        found.push(key)
      }
      return found
    }
    expect(await keys({ notSeenSince: '2026-01-16T00:00:00Z' })).toEqual(['3'])
    expect(await keys({ notSeenSince: '2026-02-02T00:00:00Z' })).toEqual(['1', '3'])
    expect(await keys({ notSeenSince: '2026-02-02T01:00:00+02:00', limit: 1 })).toEqual(['1'])
    expect(await keys({ notSeenSince: '2026-03-02T00:00:00Z' })).toEqual(['1', '2', '3'])
  })
})
