/**
 * The order in which claims come, as SQL: the model's `comesBefore`.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'
import type { Claimant } from './claims.ts'

/**
 * Places of claimants, first the one that comes first: precedence, then a lock before none. Those with one place are told apart by who held it
 * first, or, without locks, who changed it last.
 */
export function placesOf(claimants: readonly Claimant[]): ReadonlyMap<number, number> {
  const worth = ({ precedence, policy }: Claimant) => `${precedence} ${policy === 'master_locked'}`
  const inOrder = claimants.toSorted(
    (a, b) =>
      b.precedence - a.precedence ||
      Number(b.policy === 'master_locked') - Number(a.policy === 'master_locked'),
  )
  const distinct = [...new Set(inOrder.map(worth))]
  return new Map(claimants.map((claimant) => [claimant.owner, distinct.indexOf(worth(claimant)) + 1]))
}

function bySource(values: ReadonlyMap<number, SQL>, alias: SQL): SQL {
  const cases = [...values].map(([owner, value]) => sql`when ${sql.literal(owner)} then ${value}`)
  return sql`case ${alias}._source ${sql.join(cases, ' ')} end`
}

export function placeIn(claimants: readonly Claimant[], alias: SQL): SQL {
  const places = [...placesOf(claimants)].map(([owner, place]) => [owner, sql.literal(place)] as const)
  return bySource(new Map(places), alias)
}

export function isLockedBy(claimants: readonly Claimant[], alias: SQL): SQL {
  const locks = claimants.map(
    ({ owner, policy }) => [owner, sql.literal(policy === 'master_locked')] as const,
  )
  return bySource(new Map(locks), alias)
}

/**
 * Order of the claims `x`. `first`: when the source came to the resource, with the first of its replicas; of several rows of one source the
 * one that changed last comes first, for a source never meets its own locks.
 */
export function orderOf(claimants: readonly Claimant[], first: SQL): SQL {
  const locked = isLockedBy(claimants, sql`x`)
  const held = sql`case when ${locked} then ${first} end, case when ${locked} then x._source end`
  return sql`${placeIn(claimants, sql`x`)}, ${held}, -x._changed, ${first}, x._source, -x._seq`
}
