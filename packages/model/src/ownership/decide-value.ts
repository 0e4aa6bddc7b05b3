/**
 * Which value a property of a resource has after a run, of all that its replicas assert: policy, then precedence.
 *
 * The rule as a function; the engine holds the same as SQL (`engine/src/replicas/decide-values.ts`), and a test holds the two equal.
 *
 * @module
 */
import type { AttributePolicy } from '../source/federation.ts'

/** What one replica of the resource says of the property. */
export interface Claim<V> {
  readonly policy: AttributePolicy
  /** Higher comes first. */
  readonly precedence: number
  /** Position in the order in which the sources came to the resource, each with the first of its replicas. */
  readonly attached: number
  /** Number of the run that last applied a change of the replica; higher is later. */
  readonly changed: number
  /** Position of its row among those of its source; a run takes them in this order. */
  readonly row: number
  /** `undefined`: it asserts nothing; `null`: that there is no value. */
  readonly asserts: V | null | undefined
  /** This run applies the replica. */
  readonly now: boolean
  /**
   * What it asserts has been applied, or is by this run. Of one that waits for a run of its own, or could not be applied, only
   * its place counts: nobody's value takes over from it, nor does its own before its time.
   */
  readonly applied: boolean
  /** It let go of the property with this run, or it goes itself. */
  readonly letGo: boolean
}

/**
 * The order in which claims come: precedence; a lock before none; of locks the source that held it first. Without locks, and among the rows of
 * one source, which never meets its own locks, who changed it last.
 */
export function comesBefore<V>(one: Claim<V>, other: Claim<V>): number {
  const locked = (claim: Claim<V>) => (claim.policy === 'master_locked' ? 1 : 0)
  return (
    other.precedence - one.precedence ||
    locked(other) - locked(one) ||
    (locked(one) === 1 ? one.attached - other.attached : 0) ||
    other.changed - one.changed ||
    one.attached - other.attached ||
    other.row - one.row
  )
}

/** The value after the run; `stored` is the one before it, `null` for none. */
export function decideValue<V>(stored: V | null, claims: readonly Claim<V>[]): V | null {
  const order = claims.filter(({ policy }) => policy !== 'write_if_empty').toSorted(comesBefore)
  const first = order.find((claim) => !claim.letGo && (!claim.applied || claim.asserts !== undefined))
  const mastered = masters(first, order, stored)
  if (mastered !== null) return mastered
  const fill = claims
    .filter((claim) => claim.policy === 'write_if_empty' && claim.now && isValue(claim.asserts))
    // All of them are of the source that runs, and the first row leaves nothing to fill.
    .toSorted((one, other) => one.row - other.row || comesBefore(one, other))
    .at(0)
  return fill === undefined || isKeptEmpty(first, fill) ? null : (fill.asserts ?? null)
}

/** Who locks the property says that there is no value, and comes before the one that has one. */
function isKeptEmpty<V>(first: Claim<V> | undefined, fill: Claim<V>): boolean {
  return first?.policy === 'master_locked' && comesBefore(first, fill) < 0
}

function masters<V>(first: Claim<V> | undefined, order: readonly Claim<V>[], stored: V | null): V | null {
  if (first === undefined || !first.applied) return stored
  const before = order.slice(0, order.indexOf(first))
  const takes = first.policy === 'master_locked' || first.now || before.some(({ letGo }) => letGo)
  return takes ? (first.asserts ?? null) : stored
}

function isValue<V>(asserted: V | null | undefined): asserted is V {
  return asserted !== undefined && asserted !== null
}
