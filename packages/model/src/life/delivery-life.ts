/**
 * The life of a delivery, `sluice_delivery.state`.
 *
 * The comments beside states and events are what docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const deliveryStates = [
  /** Has its place in the queue of its source; its files are being prepared or are on their way. */
  'announced',
  /** All of it is here, and no run has decided about it. */
  'ready',
  /** The repository holds what it says. */
  'applied',
  /** A threshold stopped its run, or it was asked to be held, and somebody has to decide. */
  'held',
  /** Processes died in the middle of its run, so it is not tried again before somebody has looked at it. */
  'aside',
  /** Somebody decided against it. */
  'rejected',
  /** Nothing came of it, and nothing is wrong with it: it was given up, or a later one says all it said. */
  'cancelled',
  /** It could not be prepared, or does not fit what is stored. */
  'refused',
  /** Its run ended with an error that would come again; nothing of it was applied. */
  'failed',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

export const deliveryEvents = [
  /** Every file arrived, and its sum is right. */
  'sealed',
  /** Its agent says that it could not be prepared, or could not be handed over as it was prepared. */
  'preparationFailed',
  /** Its agent takes it back, the process died that it came from, or somebody cancels it. */
  'givenUp',
  /** Nothing was heard of it for `server.deliveryExpiry`. */
  'expired',
  /** A complete of the same source was announced behind it, and it is an incremental, held or put aside: the complete says all of it. */
  'overtaken',
  /** An initial, and the source holds resources; or an incremental, and its base is not the delivery applied last. */
  'inapplicable',
  /** An incremental, and a delivery that it builds on came to nothing: it was refused, rejected, cancelled or failed. */
  'baseLost',
  /** The guard let its run pass, or it is an initial or forced. */
  'passed',
  /** The guard stopped its run; or it was to be held, or to be what a plan had shown, and is something else. */
  'thresholdExceeded',
  /** Its run ended with an error that would come again. What passes (a full disk, a busy or lost database) leaves it `ready`. */
  'failed',
  /** Its run was asked to stop (Ctrl-C, a stop signal): a fresh export takes its place. At a server it stays `ready`. */
  'interrupted',
  /** Somebody approved it, or forced the source, and what its run had computed still fits. */
  'approved',
  /** Somebody approved it, or forced the source, and the repository has changed since: it is computed again at once. */
  'outdated',
  /** Somebody decided against it. */
  'rejected',
  /** A second process died in the middle of its run. One that was asked to stop, or that says what was in its way, does not count. */
  'putAside',
  /** Somebody wants it to be tried again: two more processes may die of it. */
  'released',
] as const
export type DeliveryEvent = (typeof deliveryEvents)[number]

/** What is over stays as it is, whatever comes late. */
const over = {
  sealed: 'ignored',
  preparationFailed: 'ignored',
  givenUp: 'ignored',
  expired: 'ignored',
  overtaken: 'ignored',
  inapplicable: 'ignored',
  baseLost: 'ignored',
  passed: 'ignored',
  thresholdExceeded: 'ignored',
  failed: 'ignored',
  interrupted: 'ignored',
  approved: 'ignored',
  outdated: 'ignored',
  rejected: 'ignored',
  putAside: 'ignored',
  released: 'ignored',
} as const satisfies Record<DeliveryEvent, 'ignored'>

export const deliveryLife = new Life<DeliveryState, DeliveryEvent>({
  states: deliveryStates,
  events: deliveryEvents,
  start: 'announced',
  table: {
    announced: {
      sealed: 'ready',
      preparationFailed: 'refused',
      givenUp: 'cancelled',
      expired: 'cancelled',
      overtaken: 'cancelled',
      // Whether it fits is asked when its turn comes, and an announced one stops the queue.
      inapplicable: 'ignored',
      baseLost: 'refused',
      passed: 'ignored',
      thresholdExceeded: 'ignored',
      failed: 'ignored',
      interrupted: 'ignored',
      approved: 'ignored',
      outdated: 'ignored',
      rejected: 'ignored',
      putAside: 'ignored',
      released: 'ignored',
    },
    ready: {
      sealed: 'ignored',
      preparationFailed: 'refused',
      givenUp: 'cancelled',
      // It waits for us, not for its agent.
      expired: 'ignored',
      overtaken: 'cancelled',
      inapplicable: 'refused',
      baseLost: 'refused',
      passed: 'applied',
      thresholdExceeded: 'held',
      failed: 'failed',
      interrupted: 'cancelled',
      approved: 'ignored',
      outdated: 'ignored',
      rejected: 'ignored',
      putAside: 'aside',
      released: 'ignored',
    },
    held: {
      sealed: 'ignored',
      // Its run is somebody's to decide, and its agent has no say in that any more.
      preparationFailed: 'ignored',
      givenUp: 'ignored',
      expired: 'ignored',
      overtaken: 'cancelled',
      inapplicable: 'ignored',
      // What it builds on was applied before its run could be held.
      baseLost: 'ignored',
      passed: 'ignored',
      thresholdExceeded: 'ignored',
      failed: 'ignored',
      interrupted: 'ignored',
      approved: 'applied',
      outdated: 'ready',
      rejected: 'rejected',
      putAside: 'ignored',
      released: 'ignored',
    },
    aside: {
      sealed: 'ignored',
      // All of it is here, and somebody is to look at it: its agent can add nothing to that.
      preparationFailed: 'ignored',
      givenUp: 'cancelled',
      expired: 'ignored',
      overtaken: 'cancelled',
      inapplicable: 'ignored',
      // What it builds on was applied before its run could begin.
      baseLost: 'ignored',
      passed: 'ignored',
      thresholdExceeded: 'ignored',
      failed: 'ignored',
      interrupted: 'ignored',
      approved: 'ignored',
      outdated: 'ignored',
      rejected: 'ignored',
      putAside: 'ignored',
      released: 'ready',
    },
    applied: over,
    rejected: over,
    cancelled: over,
    refused: over,
    failed: over,
  },
})

/** It is on its way, or a run can work on it: nobody has decided about it yet, and nobody has to but a run. */
export const undecidedDeliveryStates = [
  ...deliveryLife.statesThatTake('sealed'),
  ...deliveryLife.statesThatTake('passed'),
]

export function isUndecided(state: DeliveryState): boolean {
  return undecidedDeliveryStates.includes(state)
}

/**
 * The server has, or had, all of the delivery: its agent need not keep it. Given up or refused, it perhaps never was
 * delivered, so these say nothing.
 */
export function isAcknowledged(state: DeliveryState): boolean {
  return acknowledged.includes(state)
}

const acknowledged = deliveryLife.statesOnlyAfter('sealed')
