/**
 * The life of what an order says, `sluice_order.state`.
 *
 * The comments beside states and events are what docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const orderStates = [
  /** The source says what it said when the order was stated. */
  'pending',
  /** The source says what was ordered. */
  'executed',
  /** The source says something else: neither what was ordered nor what it said before, or no longer what was ordered. */
  'contradicted',
  /** Its time is over, and the source says what it said when the order was stated. */
  'overdue',
  /** Somebody took it back. */
  'cancelled',
  /** A newer order says something of the same thing. */
  'superseded',
] as const
export type OrderState = (typeof orderStates)[number]

export const orderEvents = [
  /** A run found that the source says what was ordered. */
  'carriedOut',
  /** A run found that the source says what it said when the order was stated. */
  'unchanged',
  /** A run found that the source says something else. */
  'assertedOtherwise',
  /** Its time is over; a run, or whoever looks after lateness, has seen it. */
  'missed',
  /** Somebody takes it back. */
  'cancelled',
  /** A newer order was stated of the same thing. */
  'superseded',
] as const
export type OrderEvent = (typeof orderEvents)[number]

/** What is over stays as it is. */
const over = {
  carriedOut: 'ignored',
  unchanged: 'ignored',
  assertedOtherwise: 'ignored',
  missed: 'ignored',
  cancelled: 'ignored',
  superseded: 'ignored',
} as const satisfies Record<OrderEvent, 'ignored'>

export const orderLife = new Life<OrderState, OrderEvent>({
  states: orderStates,
  events: orderEvents,
  start: 'pending',
  table: {
    pending: {
      carriedOut: 'executed',
      unchanged: 'pending',
      assertedOtherwise: 'contradicted',
      missed: 'overdue',
      cancelled: 'cancelled',
      superseded: 'superseded',
    },
    executed: {
      carriedOut: 'executed',
      // It was carried out, and taken back.
      unchanged: 'contradicted',
      assertedOtherwise: 'contradicted',
      missed: 'ignored',
      cancelled: 'cancelled',
      superseded: 'superseded',
    },
    contradicted: {
      carriedOut: 'executed',
      unchanged: 'contradicted',
      assertedOtherwise: 'contradicted',
      // Whoever has contradicted it is told already, and more than that it is late.
      missed: 'ignored',
      cancelled: 'cancelled',
      superseded: 'superseded',
    },
    overdue: {
      carriedOut: 'executed',
      unchanged: 'overdue',
      assertedOtherwise: 'contradicted',
      missed: 'ignored',
      cancelled: 'cancelled',
      superseded: 'superseded',
    },
    cancelled: over,
    superseded: over,
  },
})
