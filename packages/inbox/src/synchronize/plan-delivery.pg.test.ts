import type { RunReport } from '@sluice/model'
import { expect, test } from 'vitest'
import { company, guarded } from '../../../engine/test/companies.ts'
import { describeWithEngine } from '../../../engine/test/engine-harness.ts'
import { expectSums } from '../../../engine/test/expect-sums.ts'
import { rowVersions } from '../../../engine/test/snapshot.ts'

const first = {
  Person: 'n,name,grade,m,u\n1,Ann,7,,X\n2,Bob,,1,X\n3,Cid,,2,Q',
  Unit: 'c,name,h\nX,Ideas,3\nY,Sales,',
  Membership: 'p,u,since\n1,X,01/02/2020\n2,Y,\n2,Q,',
  Seat: 'p,u\n1,X',
}
const second = {
  Person: 'n,name,grade,m,u\n1,Ann,8,,Q\n3,Cid,x,2,Q\n4,Dan,,1,X',
  Unit: 'c,name,h\nX,Ideas,1\nQ,Works,',
  Membership: 'p,u,since\n1,X,01/02/2021\n2,Q,\n4,X,31/04/2026',
  Seat: 'p,u\n1,Q',
}

/** What a plan and its run have to agree on. */
function essence({ entities, associations, exceeded, source, mode }: RunReport) {
  return { entities, associations, exceeded, source, mode }
}

describeWithEngine('a plan', (harness) => {
  test('writes nothing, and tells what the run then does', async () => {
    await harness.begin(company)
    for (const tables of [first, second]) {
      const before = await rowVersions(harness)
      const { report, rejected } = await harness.engine.plan(
        'hr',
        'complete',
        await harness.prepare('hr', tables),
      )
      expectSums(report)
      expect(await rowVersions(harness)).toEqual(before)
      expect(await harness.rows(`select from sluice_run where state = 'running'`)).toEqual([])
      const run = await harness.deliver('hr', tables)
      expect(essence(report)).toEqual(essence(run))
      const stored = await harness.rows(
        'select count(*)::integer as count from sluice_rejected_row where run_id = $1',
        [run.run],
      )
      expect(stored).toEqual([{ count: rejected.length }])
    }
  })

  test('shows the first changes of each kind with old and new values, and the rows it leaves out', async () => {
    await harness.begin(company)
    await harness.deliver('hr', first)
    const prepared = await harness.prepare('hr', second)
    const { changes, rejected } = await harness.engine.plan('hr', 'complete', prepared)
    expect(changes).toContainEqual(
      expect.objectContaining({
        entityType: 'Person',
        operation: 'update',
        key: '1',
        before: { grade: 7, unit: 'Ideas' },
        after: { grade: 8, unit: 'Works' },
      }),
    )
    expect(changes).toContainEqual(
      expect.objectContaining({
        operation: 'delete',
        key: 'Y',
        before: { name: 'Sales', code: 'Y' },
        after: null,
      }),
    )
    expect(changes).toContainEqual(
      expect.objectContaining({
        association: 'Membership',
        operation: 'update',
        from: 'Ann',
        to: 'Ideas',
        before: { since: '2020-02-01' },
        after: { since: '2021-02-01' },
      }),
    )
    expect(rejected).toContainEqual({
      mapping: 'Person',
      file: 'people.csv',
      line: null,
      key: '3',
      column: 'grade',
      value: 'x',
      reason: 'not a whole number',
    })
    expect(rejected).toContainEqual(
      expect.objectContaining({ mapping: 'Membership', key: '4 → X', value: '31/04/2026' }),
    )
  })

  test('says what would hold the run', async () => {
    await harness.begin(guarded('{ deleted: 10% }'))
    await harness.deliver('hr', { Person: 'n,name\n1,Ann\n2,Bob' })
    const { report } = await harness.engine.plan(
      'hr',
      'complete',
      await harness.prepare('hr', { Person: 'n,name\n1,Ann' }),
    )
    expect(report.exceeded).toEqual([
      { level: 'Person', threshold: 'deleted', by: 'percent', limit: 10, found: 1, total: 2 },
    ])
  })
})
