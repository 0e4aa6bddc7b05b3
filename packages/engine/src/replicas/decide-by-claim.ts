/**
 * Decides of resources of which a source may have several replicas: which claim holds each property is found by sorting them.
 *
 * @module
 */
import type { Property } from '@sluice/model'
import {
  columnOfRow,
  commas,
  more,
  type SQL,
  type Statement,
  sql,
  statement,
  type Table,
} from '@sluice/repository'
import { analyzeColumns } from '../context/work-tables.ts'
import { isLockedBy, orderOf, placeIn } from './claim-order.ts'
import { type Claimant, type ClaimedProperty, type Claiming, claimsOf, has, lets, open } from './claims.ts'
import type { Decided } from './decided.ts'
import type { SharedPart } from './shared-part.ts'

export async function decideByClaim(part: SharedPart, claiming: Claiming, about: string): Promise<Decided> {
  const { session, workTables, shape } = part
  const { claimed } = claiming
  const claims = await workTables.fill(
    workTables.named('claims', `${shape.mapping.name}_${about}`),
    claimsOf(part, claiming),
  )
  await analyzeColumns(session, claims.table, claims.count, ['_n', 'resource_id', '_source'])
  const holders = await workTables.fill(
    workTables.named('claims', `${shape.mapping.name}_${about}_holders`),
    holdersOf(part, claims.table, claimed),
  )
  await analyzeColumns(session, holders.table, holders.count, ['resource_id'])
  const of = (property: Property) => claimed.find((one) => one.property.name === property.name)
  return {
    joins: [
      sql`left join ${holders.table} d on d.resource_id = a.resource_id`,
      ...claimed.flatMap((one) => joinsOf(one, claims.table)),
    ],
    key: sql`d._key`,
    value: (property, column) => {
      const one = of(property)
      return one === undefined ? undefined : decidedValue(one, column)
    },
    isSaidNow: (property) => {
      const one = of(property)
      return one === undefined || one.masters.length === 0
        ? sql.false
        : sql`coalesce(${held(one.n)}._now, false)`
    },
  }
}

const holder = (n: number) => sql.identifier(`_holder_${n}`)
const lost = (n: number) => sql.identifier(`_lost_${n}`)
const filler = (n: number) => sql.identifier(`_filler_${n}`)
/** The claims that hold and fill the property number `n`. */
const held = (n: number) => sql.identifier(`h_${n}`)
const filling = (n: number) => sql.identifier(`f_${n}`)

/** Of each property of a resource: the number of the claim that holds it, the best place of those that let it go, and the claim that fills it where it is empty. */
function holdersOf({ shape }: SharedPart, claims: Table, claimed: readonly ClaimedProperty[]): Statement {
  const columns = claimed.flatMap(({ n, masters, fillers }): readonly SQL[] => {
    const heard = sql`not x._goes and (${has(n)} or not x._applied)`
    const letGo = sql`((x._now and ${lets(n)}) or (x._goes and ${has(n)}))`
    return [
      ...(masters.length === 0
        ? []
        : [
            sql`${firstOf(masters, heard, orderOf(masters, sql`x._first`))} as ${holder(n)}`,
            sql`min(${placeIn(masters, sql`x`)}) filter (where ${letGo} and ${isOf(masters)}) as ${lost(n)}`,
          ]),
      // Of several rows of the source that runs the first one fills: the others find that there is a value.
      ...(fillers.length === 0
        ? []
        : [sql`${firstOf(fillers, sql`x._now and ${has(n)} and not x._goes`, sql`x._seq`)} as ${filler(n)}`]),
    ]
  })
  return statement(
    `replicas/holders ${shape.mapping.name}`,
    sql`select x.resource_id, min(x._key) as _key${more(columns)} from ${withFirst(claims)} x group by x.resource_id`,
  )
}

/** Each claim with when its source came to the resource. */
function withFirst(claims: Table): SQL {
  return sql`(select c.*, min(c._attached) over (partition by c.resource_id, c._source) as _first from ${claims} c)`
}

function isOf(claimants: readonly Claimant[]): SQL {
  return sql`x._source in (${commas(claimants.map(({ owner }) => sql.literal(owner)))})`
}

/** The first claim of those for which `which` holds. */
function firstOf(claimants: readonly Claimant[], which: SQL, order: SQL): SQL {
  return sql`(array_agg(x._n order by ${order}) filter (where ${which} and ${isOf(claimants)}))[1]`
}

function joinsOf({ n, masters, fillers }: ClaimedProperty, claims: Table): readonly SQL[] {
  const by = (alias: SQL, number: SQL) => sql`left join ${claims} ${alias} on ${alias}._n = d.${number}`
  return [
    ...(masters.length === 0 ? [] : [by(held(n), holder(n))]),
    ...(fillers.length === 0 ? [] : [by(filling(n), filler(n))]),
  ]
}

function decidedValue(claimed: ClaimedProperty, column: string): SQL {
  const { n, property, masters, fillers } = claimed
  const stored = columnOfRow(sql`o`, column)
  const alias = held(n)
  const named = property.type === 'reference' ? sql` and not ${alias}.${open(n)}` : sql.blank
  const mastered =
    masters.length === 0
      ? stored
      : sql`case when ${alias}._applied${named} and (${isLockedBy(masters, alias)} or ${alias}._now or d.${lost(n)} <= ${placeIn(masters, alias)})
          then ${columnOfRow(alias, column)} else ${stored} end`
  if (fillers.length === 0) return mastered
  return sql`coalesce(${mastered}, case when not ${isKeptEmpty(claimed)} then ${columnOfRow(filling(n), column)} end)`
}

/** Condition: who locks the property says that there is no value, and comes before the one that would fill it. */
function isKeptEmpty({ n, masters, fillers }: ClaimedProperty): SQL {
  const isFrom = (alias: SQL, { owner }: Claimant) => sql`${alias}._source = ${sql.literal(owner)}`
  const pairs = masters
    .filter(({ policy }) => policy === 'master_locked')
    .flatMap((master) =>
      fillers
        .filter(({ precedence }) => master.precedence >= precedence)
        .map((one) => sql`(${isFrom(held(n), master)} and ${isFrom(filling(n), one)})`),
    )
  return pairs.length === 0 ? sql.false : sql`coalesce(${sql.join(pairs, ' or ')}, false)`
}
