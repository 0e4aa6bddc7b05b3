/**
 * By what the rows of a shared type find their resources: the keys of its rules, of rows and of resources.
 *
 * @module
 */
import type { RuleKey } from '@sluice/model'
import {
  allOf,
  columnOf,
  columnOfRow,
  isFindable,
  lookedUpAs,
  normalizedKey,
  type SQL,
  sql,
  worthKey,
} from '@sluice/repository'
import {
  isAsserted,
  isIllegal,
  isReference,
  type SharedProperty,
  type SharedShape,
  textsOf,
  valuesOf,
} from '../sql/shared-shape.ts'
import { textsAsJson } from '../sql/texts-as-json.ts'
import { referencesOf, targetOf } from './read-rows.ts'
import type { SharedPart } from './shared-part.ts'

/** A property as rules compare it. */
export interface SearchKey {
  /** Its number among them; and its column in work tables: k_0, k_1 and so on. */
  readonly n: number
  readonly column: SQL
  readonly key: RuleKey
  readonly property: SharedProperty
}

export interface SearchRule {
  /** From 1. */
  readonly number: number
  readonly keys: readonly SearchKey[]
}

/** What rules compare, each once. */
export function searchKeysOf({
  properties,
  federation,
}: Pick<SharedShape, 'properties' | 'federation'>): readonly SearchKey[] {
  const distinct = new Map(federation.reconciliation.rules.flat().map((key) => [sameKey(key), key]))
  return [...distinct.values()].flatMap((key, n) => {
    const property = properties.find((one) => one.property.name === key.property)
    return property === undefined ? [] : [{ n, column: sql.identifier(`k_${n}`), key, property }]
  })
}

export function searchRulesOf(shape: Pick<SharedShape, 'properties' | 'federation'>): readonly SearchRule[] {
  const keys = searchKeysOf(shape)
  return shape.federation.reconciliation.rules.map((rule, index) => ({
    number: index + 1,
    keys: rule.flatMap((key) => keys.filter((one) => sameKey(one.key) === sameKey(key))),
  }))
}

function sameKey({ property, normalize }: RuleKey): string {
  return [property, ...normalize].join(' ')
}

/** `name, born`: for people. */
export function nameOfRule({ keys }: SearchRule): string {
  return keys.map(({ key }) => key.property).join(', ')
}

/** Condition: the row `a` finds by the rule what the row `x` makes: what that asserts, unless it serves to search alone. */
export function findsMade({ keys }: SearchRule): SQL {
  return allOf(
    keys.map(({ column, key, property }) => {
      // What says nothing is stored all the same.
      const text = key.normalize.includes('worthless') ? sql`x.${column}` : sql`coalesce(x.${column}, '')`
      return sql`${property.update ? text : sql`''`} = a.${column}`
    }),
  )
}

/** The keys of the rule in the row `alias` as a document: property → key. */
export function valuesOfRule({ keys }: SearchRule, alias: SQL): SQL {
  return textsAsJson(keys.map(({ key, column }) => ({ name: key.property, text: sql`${alias}.${column}` })))
}

/** The keys of the rule with the number `number` in the row `alias`, as such a document; null where there is no such rule. */
export function valuesByRule(
  shape: Pick<SharedShape, 'properties' | 'federation'>,
  number: SQL,
  alias: SQL,
): SQL {
  const values = searchRulesOf(shape).map(
    (rule) => sql`when ${sql.literal(rule.number)} then ${valuesOfRule(rule, alias)}`,
  )
  return values.length === 0 ? sql`null::jsonb` : sql`case ${number} ${sql.join(values, ' ')} end`
}

/**
 * The key of the row `a`: a text that equal values share, empty where there is none, null where the row asserts nothing, or what cannot
 * be found, or what says nothing.
 */
export function keyOfRow(part: SharedPart, { key, property }: SearchKey): SQL {
  const asserted = isAsserted(property, sql`a`)
  const text = sql`nullif(${textsOf(property, sql`a`)[0]}, '')`
  if (isReference(property)) {
    const n = referencesOf(part).indexOf(property)
    const { id, count } = targetOf(sql`a`, n)
    return sql`case when not ${asserted} then null when ${text} is null then '' when ${count} = 1 then ${id}::text end`
  }
  const [value = sql.null] = valuesOf(property, sql`a`)
  const illegal = isIllegal(property, sql`a`)
  const legal = illegal === undefined ? sql.true : sql`not ${illegal}`
  const plain = lookedUpAs(property.property, value)
  const found = key.normalize.length === 0 ? sql`coalesce(${plain}, '')` : worthKey(key, plain)
  return sql`case when ${asserted} and ${legal} then ${found} end`
}

/** Condition: the resource `alias` has the keys of the rule that the row `a` has. */
export function findsByRule({ keys }: SearchRule, alias: SQL): SQL {
  const conditions = keys.flatMap(({ column, key, property: { property } }) => {
    const value = columnOfRow(alias, columnOf(property))
    if (property.type === 'reference') return [sql`coalesce(${value}::text, '') = a.${column}`]
    const text = lookedUpAs(property, value)
    // What says nothing is told of rows: a resource that says it is found by none.
    const normalize = key.normalize.filter((each) => each !== 'worthless')
    const equal = sql`${normalizedKey(normalize, text)} = a.${column}`
    return normalize.length === 0 ? [equal] : [equal, isFindable(text)]
  })
  return allOf(conditions)
}
