/**
 * What the engine is asked and told that makes no run: orders, which resources may be one, which are not, and what was decided of doubtful matches.
 *
 * @module
 */
import type {
  Distinct,
  ListedDuplicates,
  MatchedRow,
  NewDecision,
  NewOrder,
  OrderRecord,
  RunBy,
} from '@sluice/model'
import { ordersNamed, type Session } from '@sluice/repository'
import type { FindingContext } from './edit/find-named.ts'
import { type Deciding, decideMatches, undoMatches } from './matches/decide-matches.ts'
import { type DuplicatesQuery, findDuplicates } from './merge/find-duplicates.ts'
import { sayDistinct, takeBackDistinct } from './merge/say-distinct.ts'
import { cancelOrder } from './orders/cancel-order.ts'
import { stateOrders } from './orders/state-orders.ts'
import { type EngineContext, readKnown, type Sessions } from './runs/engine-context.ts'
import { transactionInTurn } from './runs/take-turn.ts'

export interface WithoutRuns {
  /** States what sources should say, all of it or nothing; all that the orders say. Throws where a source never could say it. */
  stateOrders(orders: readonly NewOrder[], by: RunBy): Promise<readonly OrderRecord[]>
  /**
   * Resources that may be one; by the rules of the sources, or by the properties that are named. Read through other connections than those
   * of the runs where they are given.
   */
  duplicates(
    entityType: string,
    query: DuplicatesQuery,
    through?: Sessions,
  ): Promise<readonly ListedDuplicates[]>
  /** Resources that are not one, whatever they have in common; how many pairs that were not said to be. */
  sayDistinct(distinct: Distinct, by: RunBy): Promise<number>
  /** Takes that back; how many pairs were said to be. */
  takeBackDistinct(distinct: Pick<Distinct, 'type' | 'resources'>): Promise<number>
  /** Takes back all of an order that stands. Throws `NoSuchOrderError` where nothing does. */
  cancelOrder(order: string): Promise<readonly OrderRecord[]>
  /** Writes down to which resources rows belong that wait for a decision, all of it or nothing; a run of their sources carries it out. */
  decideMatches(decisions: readonly NewDecision[], deciding: Deciding): Promise<void>
  /** Takes that back. */
  undoMatches(rows: readonly MatchedRow[]): Promise<void>
}

export function withoutRuns(context: EngineContext): WithoutRuns {
  const { database, configuration } = context
  return {
    stateOrders: (orders, by) =>
      database.transaction(async (session) => {
        const { sources } = await readKnown(session, configuration)
        const ids = await stateOrders(session, { model: configuration.model, sources }, orders, by)
        return await ordersNamed(session, ids)
      }),
    duplicates: (entityType, query, through = database) =>
      through.session(async (session) => {
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
      transactionInTurn(database, (session) =>
        decideMatches(session, configuration.model, decisions, deciding),
      ),
    undoMatches: (rows) => transactionInTurn(database, (session) => undoMatches(session, rows)),
  }
}

async function findingContext({ configuration }: EngineContext, session: Session): Promise<FindingContext> {
  const { sources } = await readKnown(session, configuration)
  return { session, model: configuration.model, sources }
}
