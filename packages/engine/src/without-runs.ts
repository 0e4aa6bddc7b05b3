/**
 * What the engine is asked and told that makes no run: orders, which resources may be one, which are not, and what was decided of doubtful matches.
 *
 * @module
 */
import { ordersNamed, type Session } from '@sluice/repository'
import type { FindingContext } from './edit/find-named.ts'
import type { Engine } from './engine.ts'
import { decideMatches, undoMatches } from './matches/decide-matches.ts'
import { findDuplicates } from './merge/find-duplicates.ts'
import { sayDistinct, takeBackDistinct } from './merge/say-distinct.ts'
import { cancelOrder } from './orders/cancel-order.ts'
import { stateOrders } from './orders/state-orders.ts'
import { type EngineContext, readKnown } from './runs/engine-context.ts'
import { waitForOtherRuns } from './runs/wait-for-other-runs.ts'

export function withoutRuns(
  context: EngineContext,
): Pick<
  Engine,
  | 'stateOrders'
  | 'cancelOrder'
  | 'duplicates'
  | 'sayDistinct'
  | 'takeBackDistinct'
  | 'decideMatches'
  | 'undoMatches'
> {
  const { database, configuration } = context
  return {
    stateOrders: (orders, by) =>
      database.transaction(async (session) => {
        const { sources } = await readKnown(session, configuration)
        const ids = await stateOrders(session, { model: configuration.model, sources }, orders, by)
        return await ordersNamed(session, ids)
      }),
    duplicates: (entityType, query) =>
      database.session(async (session) => {
        const { sources } = await readKnown(session, configuration)
        return await findDuplicates(session, { model: configuration.model, sources }, entityType, query)
      }),
    sayDistinct: (distinct, by) =>
      database.transaction(async (session) =>
        sayDistinct(await findingContext(context, session), distinct, by),
      ),
    takeBackDistinct: (distinct) =>
      database.transaction(async (session) =>
        takeBackDistinct(await findingContext(context, session), distinct),
      ),
    cancelOrder: (order) =>
      database.transaction(async (session) => {
        await cancelOrder(session, order)
        return await ordersNamed(session, [order])
      }),
    decideMatches: (decisions, deciding) =>
      database.transaction(async (session) => {
        await waitForOtherRuns(session)
        await decideMatches(session, configuration.model, decisions, deciding)
      }),
    undoMatches: (rows) =>
      database.transaction(async (session) => {
        await waitForOtherRuns(session)
        await undoMatches(session, rows)
      }),
  }
}

async function findingContext({ configuration }: EngineContext, session: Session): Promise<FindingContext> {
  const { sources } = await readKnown(session, configuration)
  return { session, model: configuration.model, sources }
}
