/**
 * Decides of resources of which no source has several replicas: what each source says stands beside the others in one row, and the first
 * whose word counts is found by a `case` in their order.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import { anyOf, columnOfRow, type SQL, sql } from '@sluice/repository'
import { placesOf } from './claim-order.ts'
import {
  type Claimant,
  type ClaimedProperty,
  type Claiming,
  claimsOfOwner,
  has,
  lets,
  open,
} from './claims.ts'
import type { Decided } from './decided.ts'
import type { SharedPart } from './shared-part.ts'

export function decideBySource(part: SharedPart, claiming: Claiming): Decided {
  const owners = part.owners.map((_, index) => index)
  const of = (property: Property) => claiming.claimed.find((one) => one.property.name === property.name)
  return {
    joins: owners.map(
      (owner) =>
        sql`left join (${claimsOfOwner(part, owner, claiming)}) ${claimFrom(owner)} on ${claimFrom(owner)}.resource_id = a.resource_id`,
    ),
    key: sql`least(${sql.join(
      owners.map((owner) => sql`${claimFrom(owner)}._key`),
      ', ',
    )})`,
    value: (property, column) => {
      const claimed = of(property)
      return claimed === undefined ? undefined : decidedValue(claimed, column)
    },
    isSaidNow: (property) => {
      const { n, masters = [] } = of(property) ?? {}
      if (n === undefined) return sql.false
      return first(masters, isHeard(n), ({ owner }) => sql`${claimFrom(owner)}._now`, sql.false)
    },
  }
}

/** What the owner says of the resource, or nulls. */
function claimFrom(owner: number): SQL {
  return sql.identifier(`s_${owner}`)
}

type Condition = (claimant: Claimant) => SQL

/** Its word counts: it asserts the property, or has not been applied, and then nobody after it is asked. */
function isHeard(n: number): Condition {
  return ({ owner }) => {
    const alias = claimFrom(owner)
    return sql`(not ${alias}._goes and (${alias}.${has(n)} or not ${alias}._applied))`
  }
}

/** It would fill the property if that is empty. */
function fills(n: number): Condition {
  return ({ owner }) => {
    const alias = claimFrom(owner)
    return sql`(${alias}._now and ${alias}.${has(n)} and not ${alias}._goes)`
  }
}

/** `value` of the first of the claimants for which `which` holds, or `none`. */
function first(
  claimants: readonly Claimant[],
  which: Condition,
  value: (claimant: Claimant) => SQL,
  none: SQL,
): SQL {
  if (claimants.length === 0) return none
  const places = placesOf(claimants)
  const placeOf = ({ owner }: Claimant) => places.get(owner) ?? 0
  const cases = claimants
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((one) => {
      const rivals = claimants.filter((other) => other !== one && placeOf(other) === placeOf(one))
      const before = anyOf(rivals.map((other) => sql`(${which(other)} and ${comesBefore(other, one)})`))
      return sql`when ${which(one)}${rivals.length === 0 ? sql.blank : sql` and not coalesce(${before}, false)`} then ${value(one)}`
    })
  return sql`case ${sql.join(cases, ' ')} else ${none} end`
}

/** After every run: of what has never come to a resource. */
const never = sql`9223372036854775807::bigint`

/** Of two that share a place: who held it first, or, without locks, who changed it last. */
function comesBefore(one: Claimant, other: Claimant): SQL {
  const places = (claimant: Claimant) => {
    const alias = claimFrom(claimant.owner)
    const changed = claimant.policy === 'master_locked' ? sql.blank : sql`-coalesce(${alias}._changed, 0), `
    return sql`(${changed}coalesce(${alias}._attached, ${never}), ${sql.literal(claimant.owner)}::int)`
  }
  return sql`${places(one)} < ${places(other)}`
}

function decidedValue({ n, property, masters, fillers }: ClaimedProperty, column: string): SQL {
  const stored = columnOfRow(sql`o`, column)
  const places = placesOf(masters)
  const lost = masters.length === 0 ? sql.null : bestLost(n, masters, places)
  const taken = ({ owner, policy }: Claimant) => {
    const alias = claimFrom(owner)
    const named = property.type === 'reference' ? sql` and not ${alias}.${open(n)}` : sql.blank
    const takes =
      policy === 'master_locked'
        ? sql.blank
        : sql` and (${alias}._now or ${lost} <= ${sql.literal(places.get(owner) ?? 0)})`
    return sql`case when ${alias}._applied${named}${takes} then ${columnOfRow(alias, column)} else ${stored} end`
  }
  const mastered = first(masters, isHeard(n), taken, stored)
  if (fillers.length === 0) return mastered
  const filled = first(
    fillers,
    fills(n),
    (filler) =>
      sql`case when not ${isKeptEmpty(n, masters, filler)} then ${columnOfRow(claimFrom(filler.owner), column)} end`,
    sql.null,
  )
  return sql`coalesce(${mastered}, ${filled})`
}

/** The best place of those that have let the property go with this run. */
function bestLost(n: number, masters: readonly Claimant[], places: ReadonlyMap<number, number>): SQL {
  const each = masters.map(({ owner }) => {
    const alias = claimFrom(owner)
    return sql`case when (${alias}._now and ${alias}.${lets(n)}) or (${alias}._goes and ${alias}.${has(n)}) then ${sql.literal(places.get(owner) ?? 0)} end`
  })
  return sql`least(${sql.join(each, ', ')})`
}

/** Condition: who locks the property says that there is no value, and comes before the one that would fill it. */
function isKeptEmpty(n: number, masters: readonly Claimant[], { precedence }: Claimant): SQL {
  return first(
    masters,
    isHeard(n),
    (master) => sql.literal(master.policy === 'master_locked' && master.precedence >= precedence),
    sql.false,
  )
}
