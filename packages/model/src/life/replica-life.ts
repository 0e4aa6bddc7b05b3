/**
 * The life of a replica, the `status` of its row in a table of replicas.
 *
 * The comments beside statuses and events are what docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const replicaStatuses = [
  /** Not applied yet. */
  'new',
  /** What it asserts has been applied. */
  'synchronized',
  /** It changed, or came back, since it was applied; or applying it failed. */
  'modified',
  /** Its resource is gone without it. */
  'orphan',
  /** It disappeared, and its resource was marked, or could not be deleted. */
  'obsolete',
] as const
export type ReplicaStatus = (typeof replicaStatuses)[number]

export const replicaEvents = [
  /** Its row was written, and says what it said before. */
  'touched',
  /** Its row says something else. */
  'changed',
  /** A run applied it. */
  'applied',
  /** A run could not apply it: a value, a reference, a rule of reconciliation. */
  'refused',
  /** A run found that its resource is gone. */
  'vanished',
  /** It disappeared, and the update of the delete policy was written. */
  'marked',
  /** It disappeared, and something requires the resource that would be deleted. */
  'kept',
] as const
export type ReplicaEvent = (typeof replicaEvents)[number]

export const replicaLife = new Life<ReplicaStatus, ReplicaEvent>({
  states: replicaStatuses,
  events: replicaEvents,
  start: 'new',
  table: {
    new: {
      touched: 'new',
      changed: 'new',
      applied: 'synchronized',
      refused: 'new',
      vanished: 'orphan',
      marked: 'obsolete',
      kept: 'obsolete',
    },
    synchronized: {
      touched: 'synchronized',
      changed: 'modified',
      applied: 'synchronized',
      refused: 'modified',
      vanished: 'orphan',
      marked: 'obsolete',
      kept: 'obsolete',
    },
    modified: {
      touched: 'modified',
      changed: 'modified',
      applied: 'synchronized',
      refused: 'modified',
      vanished: 'orphan',
      marked: 'obsolete',
      kept: 'obsolete',
    },
    orphan: {
      touched: 'orphan',
      changed: 'orphan',
      applied: 'ignored',
      refused: 'ignored',
      vanished: 'ignored',
      marked: 'ignored',
      kept: 'obsolete',
    },
    obsolete: {
      // It is there again, so it is applied again.
      touched: 'modified',
      changed: 'modified',
      applied: 'ignored',
      refused: 'ignored',
      vanished: 'ignored',
      marked: 'ignored',
      kept: 'obsolete',
    },
  },
})
