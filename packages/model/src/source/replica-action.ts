/**
 * What people may do with single rows of a source that shares its resources.
 *
 * @module
 */

export const replicaActions = [
  /** It is applied anew, whatever its status; one whose resource is gone looks for another one. */
  'retry',
  /** It leaves its resource, which stays, and finds no other one until it changes. */
  'unlink',
  /** It leaves its resource, and looks for one anew by the rules of today. */
  'reconcile',
  /** It goes, with what it asserts; its resource stays, and is the others'. */
  'delete',
] as const
export type ReplicaAction = (typeof replicaActions)[number]
