import { recordedRunStates, runEvents, runLife } from '@sluice/model'
import { expect, test } from 'vitest'
import { guarded } from '../../test/companies.ts'
import { describeWithEngine, type EngineHarness } from '../../test/engine-harness.ts'
import { nobodyListens } from './run-closed.ts'
import type { RunOrigin } from './run-origin.ts'
import { beginRun, closeRun, markInterrupted, reportWithout } from './run-record.ts'

async function statesOf(harness: EngineHarness): Promise<readonly string[]> {
  const rows = await harness.rows<{ state: string }>('select state from sluice_run order by run_id')
  return rows.map(({ state }) => state)
}

/** One run in each state, in the order of the states. */
async function oneInEach(harness: EngineHarness) {
  await harness.begin(guarded('off'))
  const origin: RunOrigin = {
    cause: 'delivery',
    by: { kind: 'person', name: 'eve' },
    delivery: '00000000-0000-4000-8000-000000000000',
    source: 'hr',
    mode: 'complete',
  }
  return await harness.database.session(async (session) => {
    const starts = []
    for (const state of recordedRunStates) {
      const start = await beginRun(session, origin, { forced: false, ownProcess: true })
      await session.query('update sluice_run set state = $2 where run_id = $1', [start.runId, state])
      starts.push(start)
    }
    return starts.map((start) => ({ start, origin }))
  })
}

describeWithEngine(
  'the record of a run',
  (harness) => {
    test.each(runEvents)('when it is %s, becomes what the table says, or stays as it is', async (event) => {
      const runs = await oneInEach(harness)
      const before = await harness.rows('select * from sluice_run order by run_id')
      const closed = await harness.database.session(async (session) => {
        const done: boolean[] = []
        for (const { start, origin } of runs) {
          const report = reportWithout(origin, start, event, {})
          const of = { runId: start.runId, event, report, way: 'worked', onClosed: nobodyListens } as const
          done.push(await closeRun(session, of))
        }
        return done
      })
      expect(closed).toEqual(recordedRunStates.map((state) => runLife.takes(state, event)))
      expect(await statesOf(harness)).toEqual(
        recordedRunStates.map((state) => {
          const outcome = runLife.outcomeOf(event, state)
          return outcome === 'ignored' ? state : outcome
        }),
      )
      const after = await harness.rows('select * from sluice_run order by run_id')
      const untouched = closed.flatMap((taken, index) => (taken ? [] : [index]))
      expect(untouched.map((index) => after[index])).toEqual(untouched.map((index) => before[index]))
    })

    test('of a process that died is interrupted where a run can be', async () => {
      await oneInEach(harness)
      await harness.database.session((session) => markInterrupted(session, 'hr', nobodyListens))
      expect(await statesOf(harness)).toEqual(
        recordedRunStates.map((state) => (runLife.takes(state, 'interrupted') ? 'interrupted' : state)),
      )
    })
  },
  ['postgres-18'],
)
