import { nobodyListens, nothingToSettle, RunPreempted } from '@sluice/engine'
import { type DeliveryState, deliveryLife, deliveryStates, type runEvents } from '@sluice/model'
import type { Database, Session } from '@sluice/repository'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import { migrate } from '../../../repository/src/migrations/migrate.ts'
import { settleDelivery } from './settle-delivery.ts'

const delivery = '00000000-0000-0000-0000-000000000002'
const base = '00000000-0000-0000-0000-000000000001'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('postgres-18')
  await migrate(database)
})
afterAll(() => database[Symbol.asyncDispose]())

/** Works on a delivery in a state, of a source of which another delivery was applied last. */
async function withDelivery<T>(
  of: { readonly state?: DeliveryState; readonly applied?: string | null },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return await database.transaction(async (session) => {
    await session.execute('delete from sluice_delivery; delete from sluice_source')
    await session.query(`insert into sluice_source (name, applied_delivery) values ('hr', $1)`, [
      of.applied ?? base,
    ])
    await session.query(
      `insert into sluice_delivery (delivery_id, source_id, mode, base, by_kind, by_name, state, reason)
       select $1, source_id, 'incremental', $2, 'program', 'test', $3, 'as told' from sluice_source`,
      [delivery, base, of.state ?? 'ready'],
    )
    return await work(session)
  })
}

function settlement(mode: 'complete' | 'incremental', discarded: string[] = []) {
  return settleDelivery(
    { delivery, mode },
    {
      discard: async (id) => {
        discarded.push(id)
      },
      onClosed: nobodyListens,
    },
  )
}

describe('a run claims its delivery', () => {
  const claimed = (
    of: Parameters<typeof withDelivery>[0],
    mode: 'complete' | 'incremental' = 'incremental',
  ) => withDelivery(of, (session) => settlement(mode).claim(session))

  test('while it is to be worked on, and its base is what was applied last', async () => {
    await expect(claimed({})).resolves.toBeUndefined()
  })

  test.each(deliveryStates.filter((state) => !deliveryLife.takes(state, 'passed')))(
    'but not when it is %s already, and is told why',
    async (state) => {
      await expect(claimed({ state })).rejects.toThrow(new RunPreempted('as told'))
    },
  )

  test('but not when another delivery was applied meanwhile', async () => {
    await expect(claimed({ applied: delivery })).rejects.toThrow(
      new RunPreempted('Another delivery was applied meanwhile.'),
    )
  })

  test('that is a complete whatever was applied meanwhile', async () => {
    await expect(claimed({ applied: delivery }, 'complete')).resolves.toBeUndefined()
  })
})

describe('an event of a run', () => {
  const settled = (event: (typeof runEvents)[number], state: DeliveryState = 'ready') =>
    withDelivery({ state }, async (session) => {
      const moved = await settlement('incremental').settle(session, event, 'because')
      const { rows } = await session.query<{ state: string }>('select state from sluice_delivery')
      return { moved, state: rows[0]?.state }
    })

  test('is one of its delivery', async () => {
    expect(await settled('passed')).toEqual({ moved: true, state: 'applied' })
    expect(await settled('failed')).toEqual({ moved: true, state: 'failed' })
  })

  test('that was taken from it is none of its delivery', async () => {
    expect(await settled('preempted')).toEqual({ moved: true, state: 'ready' })
  })

  test('comes too late for a delivery that is over', async () => {
    expect(await settled('passed', 'cancelled')).toEqual({ moved: false, state: 'cancelled' })
  })

  test.each([
    ['passed', [delivery]],
    ['failed', [delivery]],
    ['rejected', [delivery]],
    ['thresholdExceeded', []],
    ['outdated', []],
    ['preempted', []],
  ] as const)('%s leaves no files of a delivery that is over: discards %j', async (event, expected) => {
    const discarded: string[] = []
    await settlement('complete', discarded).settled(event)
    expect(discarded).toEqual(expected)
  })

  test('is of no delivery where the run comes from none, as an edit does', () => {
    const care = { discard: async () => undefined, onClosed: nobodyListens }
    expect(settleDelivery({ delivery: null, mode: null }, care)).toBe(nothingToSettle)
  })
})
