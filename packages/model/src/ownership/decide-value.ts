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
  /** Position in the order in which the replicas were attached. */
  readonly attached: number
  /** Number of the run that last applied a change of the replica; higher is later. */
  readonly changed: number
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

/** The order in which claims come: precedence; a lock before none; who held it first, or without locks who changed it last. */
export function comesBefore<V>(one: Claim<V>, other: Claim<V>): number {
  const locked = (claim: Claim<V>) => (claim.policy === 'master_locked' ? 1 : 0)
  return (
    other.precedence - one.precedence ||
    locked(other) - locked(one) ||
    (locked(one) === 1 ? one.attached - other.attached : other.changed - one.changed) ||
    one.attached - other.attached
  )
}

/** The value after the run; `stored` is the one before it, `null` for none. */
export function decideValue<V>(stored: V | null, claims: readonly Claim<V>[]): V | null {
  const mastered = masters(claims, stored)
  if (mastered !== null) return mastered
  const fill = claims
    .filter((claim) => claim.policy === 'write_if_empty' && claim.now && isValue(claim.asserts))
    .toSorted(comesBefore)
    .at(0)
  return fill?.asserts ?? null
}

function masters<V>(claims: readonly Claim<V>[], stored: V | null): V | null {
  const order = claims.filter(({ policy }) => policy !== 'write_if_empty').toSorted(comesBefore)
  const first = order.find((claim) => !claim.letGo && (!claim.applied || claim.asserts !== undefined))
  if (first === undefined || !first.applied) return stored
  const before = order.slice(0, order.indexOf(first))
  const takes = first.policy === 'master_locked' || first.now || before.some(({ letGo }) => letGo)
  return takes ? (first.asserts ?? null) : stored
}

function isValue<V>(asserted: V | null | undefined): asserted is V {
  return asserted !== undefined && asserted !== null
}
