import type { Database } from '@sluice/repository'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/databases.ts'
import { modelOf, sourceOf } from '../../test/small-model.ts'
import { RejectedRows } from '../context/rejected-rows.ts'
import { WorkTables } from '../context/work-tables.ts'
import { appliedDelivery, whyChainEnds } from './chain.ts'

const applied = '00000000-0000-0000-0000-000000000001'
const another = '00000000-0000-0000-0000-000000000002'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('postgres-18')
  await database.session((session) =>
    session.execute(`
      create table sluice_source (source_id int, applied_delivery uuid);
      insert into sluice_source values (1, '${applied}'), (2, null)`),
  )
})
afterAll(() => database[Symbol.asyncDispose]())

test.each([
  [1, applied],
  [2, undefined],
  [3, undefined],
])('source %i stands for delivery %s', async (sourceId, delivery) => {
  expect(await database.session((session) => appliedDelivery(session, sourceId))).toBe(delivery)
})

describe('an incremental may build on a run', () => {
  const why = async (of: { whole: boolean; keptFrom: string | undefined; withheld: readonly number[] }) => {
    return await database.session(async (session) => {
      const workTables = new WorkTables(session, { runId: 1, few: true, temporaryTables: true })
      const rejectedRows = new RejectedRows(workTables)
      const run = { session, runId: 1, model: modelOf([]), sources: new Map(), workTables, rejectedRows }
      const part = { ...run, source: sourceOf([]), sourceId: 1, whole: of.whole }
      return await whyChainEnds(
        part,
        of.keptFrom,
        of.withheld.map((withheld) => ({ withheld })),
      )
    })
  }

  test('that kept nothing it could not read', async () => {
    expect(await why({ whole: true, keptFrom: undefined, withheld: [0, 0] })).toBeUndefined()
  })

  test('that kept rows of which its agent knows, because it has them from the delivery that is stored', async () => {
    expect(await why({ whole: true, keptFrom: applied, withheld: [2] })).toBeUndefined()
  })

  test('of changes alone, which keep nothing that the run before did not keep', async () => {
    expect(await why({ whole: false, keptFrom: undefined, withheld: [2] })).toBeUndefined()
  })

  test.each([
    ['from no delivery', undefined],
    ['from a delivery that is not the one stored', another],
  ])('but not where the agent has the rows it could not read %s', async (_, keptFrom) => {
    expect(await why({ whole: true, keptFrom, withheld: [0, 1, 1] })).toBe(
      '2 rows could not be read, so their stored values are kept. The agent does not know of them, so the next run has to be a complete, too.',
    )
  })
})
