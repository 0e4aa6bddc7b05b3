import { expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'
import { waitForOtherRuns } from './wait-for-other-runs.ts'

const allowed = `select current_setting('max_parallel_workers_per_gather')::int as workers`

describeWithEngine('processes that help a run', (harness) => {
  /** What the transaction of a run may have, where the database allows four. */
  async function allowedTo(parallelWorkers: number | undefined): Promise<number | undefined> {
    return await harness.database.transaction(async (session) => {
      await session.execute('set local max_parallel_workers_per_gather = 4')
      await waitForOtherRuns(session, { parallelWorkers })
      return (await session.query<{ workers: number }>(allowed)).rows[0]?.workers
    })
  }

  test.each([
    [0, 0],
    [1, 1],
    [9, 4],
    [undefined, 4],
  ])(
    'are at most those that are asked for (%s), and those that the database allows',
    async (wanted, found) => {
      expect(await allowedTo(wanted)).toBe(found)
    },
  )

  test('are as many as before when it is over', async () => {
    const before = await harness.rows(allowed)
    await harness.database.transaction((session) => waitForOtherRuns(session, { parallelWorkers: 0 }))
    expect(await harness.rows(allowed)).toEqual(before)
  })
})
