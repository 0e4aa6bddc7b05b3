/**
 * Which end of a link or reference is impacted when the other one fails, and how strongly, as SQL.
 *
 * @module
 */
import {
  type DeclaredImpact,
  type ImpactDirection,
  type ImpactRule,
  impactRuleOf,
  type Property,
  wholeImpact,
} from '@sluice/model'
import { columnOf } from '../layout/layout.ts'
import { allOf, columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql } from '../sql/statement.ts'
import type { Step } from './step.ts'
import type { End, LinkWay, Way } from './ways.ts'

export interface ImpactSteps {
  /** To what a resource depends on; else to what depends on it. */
  readonly upstream: boolean
  readonly minWeight: number
}

export function impactSteps(ways: readonly Way[], wanted: ImpactSteps): readonly Step[] {
  return ways.flatMap((way) => {
    const impact = impactOf(way)
    if (impact === undefined) return []
    return (['from', 'to'] as const)
      .map((at) => ({ at, direction: directionOf(at, wanted.upstream) }))
      .filter(({ direction }) => impact.directions.includes(direction))
      .map(({ at, direction }) => ({ way, at, ...stepOf(impact, direction, wanted.minWeight) }))
  })
}

/** Of links along which a walk that begins at this end comes to what is impacted, or to what impacts it. */
function directionOf(at: End, upstream: boolean): ImpactDirection {
  return (at === 'from') === upstream ? 'to-from' : 'from-to'
}

function stepOf(
  impact: WayImpact,
  direction: ImpactDirection,
  minWeight: number,
): Pick<Step, 'condition' | 'weight'> {
  const { weight } = impact
  const strong = sql`${weight} > 0 and ${weight} >= ${sql.value(minWeight)}::float8`
  const conditions =
    impact.direction === undefined ? [strong] : [sql`${impact.direction} = ${sql.literal(direction)}`, strong]
  return { condition: allOf(conditions), weight }
}

interface WayImpact {
  readonly directions: readonly ImpactDirection[]
  /** Where it is another one from link to link: null where nobody is impacted. */
  readonly direction: SQL | undefined
  readonly weight: SQL
}

function impactOf(way: Way): WayImpact | undefined {
  if (way.kind === 'reference') {
    const { impact } = way.property
    return impact === undefined ? undefined : sameForAll(impact)
  }
  const rule = impactRuleOf(way.association)
  return rule === undefined ? undefined : linkImpact(way, rule)
}

function sameForAll({ direction, weight }: DeclaredImpact<number>): WayImpact {
  return { directions: [direction], direction: undefined, weight: percent(weight) }
}

function percent(weight: number): SQL {
  return sql`${sql.value(weight)}::float8`
}

function linkImpact({ association }: LinkWay, { has, direction, weight, declared }: ImpactRule): WayImpact {
  const called = (name: string | undefined) => association.properties.find((one) => one.name === name)
  const written = weightOf(called(weight))
  const otherwise = percent(declared?.weight ?? wholeImpact)
  const found =
    written === undefined ? otherwise : sql`least(greatest(coalesce(${written}, ${otherwise}), 0), 100)`
  if (has === undefined && direction === undefined && declared !== undefined)
    return { directions: [declared.direction], direction: undefined, weight: found }
  return {
    directions: ['from-to', 'to-from'],
    direction: directionOfLink(called(has), called(direction), declared),
    weight: found,
  }
}

function directionOfLink(
  has: Property | undefined,
  direction: Property | undefined,
  declared: DeclaredImpact<number> | undefined,
): SQL {
  const says = (property: Property | undefined) =>
    property === undefined ? sql`null::text` : wordOf(property)
  const named = sql`case ${says(direction)} when 'source-destination' then 'from-to' when 'destination-source' then 'to-from' end`
  const usual =
    declared === undefined
      ? sql`case when ${says(has)} in ('yes', 'true') then 'from-to' end`
      : sql.literal(declared.direction)
  return sql`case when ${says(has)} in ('no', 'false') then null else coalesce(${named}, ${usual}) end`
}

function wordOf(property: Property): SQL {
  return sql`lower(${columnOfRow(sql`l`, columnOf(property))}::text)`
}

/** Null where there is no number; `80 %` is one. */
function weightOf(property: Property | undefined): SQL | undefined {
  if (property === undefined) return undefined
  const column = columnOfRow(sql`l`, columnOf(property))
  if (property.type === 'integer' || property.type === 'decimal') return sql`${column}::float8`
  const number = sql`substring(${column}::text from '^ *([0-9]{1,9}([.][0-9]{1,9})?) *%? *$')`
  return sql`${number}::float8`
}
