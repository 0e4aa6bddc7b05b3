/**
 * Finds resources that may be one: those that agree in the properties by which some source finds its resources, or in those that are named.
 *
 * @module
 */
import {
  type Duplicates,
  type EntityModel,
  type EntityType,
  fills,
  type ListedDuplicates,
  type Property,
  type RuleKey,
} from '@sluice/model'
import {
  CursorError,
  columnOf,
  columnOfRow,
  commas,
  lookedUpAs,
  run,
  type Session,
  type SQL,
  type Statement,
  sql,
  statement,
  worthKey,
} from '@sluice/repository'
import {
  entityTypeOf,
  familyNames,
  type KnownSources,
  propertyOf,
  type RunContext,
} from '../context/run-context.ts'
import { displayText } from '../sql/display-values.ts'
import { resourcesOf } from '../sql/tables.ts'
import { NoRuleError, UnknownPropertyError, UnknownTypeError } from './duplicate-errors.ts'

export interface DuplicatesQuery {
  /** Properties in which they agree; when absent, the rules of the sources that fill the type. */
  readonly by?: readonly string[] | undefined
  /** Groups. */
  readonly limit: number
  /** Goes on behind the group that had this cursor. */
  readonly cursor?: string | undefined
}

type Rule = readonly RuleKey[]
type Looking = Pick<RunContext, 'model' | 'sources'>

/** Groups of resources of the type and those that extend it, rule by rule, each in the order of the oldest resource. */
export async function findDuplicates(
  session: Session,
  context: Looking,
  entityType: string,
  { by, limit, cursor }: DuplicatesQuery,
): Promise<readonly ListedDuplicates[]> {
  if (!context.model.entityTypes.has(entityType))
    throw new UnknownTypeError(entityType, [...context.model.entityTypes.keys()])
  const rules = by === undefined ? rulesOf(context, entityType) : [namedRule(context, entityType, by)]
  const from = placeOf(cursor)
  const found: ListedDuplicates[] = []
  for (const [list, { type, rule }] of listsOf(context.model, entityType, rules).entries()) {
    if (list < from.list || found.length === limit) continue
    const keys = rule.map((key) => ({ key, property: propertyOf(type, key.property) }))
    const behind = list === from.list ? from.oldest : '0'
    const { rows } = await run(
      session,
      alikeIn(context.model, type, keys, { behind, limit: limit - found.length }),
    )
    found.push(
      ...rows.map((row) => ({ ...duplicatesOf(type.name, rule, row), cursor: `${list}-${row.ids[0]}` })),
    )
  }
  return found
}

/** The list of a type and a rule, counted from 0, and the oldest resource of the group behind which it goes on: no other of the list has it. */
function placeOf(cursor: string | undefined): { readonly list: number; readonly oldest: string } {
  if (cursor === undefined) return { list: 0, oldest: '0' }
  const [, list, oldest] = /^(\d{1,6})-(\d{1,18})$/.exec(cursor) ?? []
  if (list === undefined || oldest === undefined) throw new CursorError('it is not one that a list returned')
  return { list: Number(list), oldest }
}

/** Each type with the rules whose properties it has. */
function listsOf(model: EntityModel, entityType: string, rules: readonly Rule[]) {
  return familyNames(model, entityType).flatMap((name) => {
    const type = entityTypeOf(model, name)
    const has = rules.filter((keys) => keys.every(({ property }) => isOf(type, property)))
    return has.map((rule) => ({ type, rule }))
  })
}

function isOf(type: EntityType, property: string): boolean {
  return type.properties.some(({ name }) => name === property)
}

/** Every rule by which a source finds resources of the type or one that extends it, each once. */
function rulesOf({ model, sources }: Looking, entityType: string): readonly Rule[] {
  const names = familyNames(model, entityType)
  const all = rulesOfSources(sources, new Set([entityType, ...names]))
  if (all.length === 0) throw new NoRuleError(entityType)
  return [...new Map(all.map((rule) => [JSON.stringify(rule), rule])).values()]
}

function rulesOfSources(sources: KnownSources, types: ReadonlySet<string>): readonly Rule[] {
  return [...sources.values()].flatMap(({ source }) =>
    source.entities
      .filter((mapping) => [...types].some((name) => fills(mapping, name)))
      .flatMap(({ federation }) => federation?.reconciliation.rules ?? []),
  )
}

function namedRule({ model }: Looking, entityType: string, by: readonly string[]): Rule {
  const type = entityTypeOf(model, entityType)
  for (const name of by) {
    const property = type.properties.find((one) => one.name === name)
    if (property === undefined || !isComparable(property))
      throw new UnknownPropertyError(
        entityType,
        name,
        type.properties.filter(isComparable).map((one) => one.name),
      )
  }
  return by.map((property) => ({ property, normalize: [], worthless: [] }))
}

function isComparable({ type }: Property): boolean {
  return type !== 'file' && type !== 'secret'
}

interface AlikeRow {
  readonly ids: readonly string[]
  readonly shown: readonly (string | null)[]
  readonly values: readonly string[]
}

/** Those of which every pair is said to be distinct are left out. */
function alikeIn(
  model: EntityModel,
  type: EntityType,
  rule: readonly { readonly key: RuleKey; readonly property: Property }[],
  { behind, limit }: { readonly behind: string; readonly limit: number },
): Statement<AlikeRow> {
  const keys = rule.map(({ key, property }, n) => {
    const column = columnOfRow(sql`o`, columnOf(property))
    const text = property.type === 'reference' ? sql`${column}::text` : lookedUpAs(property, column)
    const value = key.normalize.length === 0 ? text : worthKey(key, text)
    return sql`nullif(${value}, '') as ${sql.identifier(`k_${n}`)}`
  })
  const names = rule.map((_, n) => sql.identifier(`k_${n}`))
  const filled = names.map((name): SQL => sql`${name} is not null`)
  return statement(
    `merge/find-duplicates ${type.name}`,
    sql`select x.ids, x.values,
      array(select ${displayText(model, type, sql`o`)} from unnest(x.ids) with ordinality i(id, n) join ${resourcesOf(type.name)} o on o.resource_id = i.id order by i.n) as shown
    from (select array_agg(a.resource_id order by a.resource_id) as ids, array[${commas(names)}] as values
      from (select o.resource_id, ${commas(keys)} from ${resourcesOf(type.name)} o) a
      where ${sql.join(filled, ' and ')} group by ${commas(names)} having count(*) > 1) x
    where cardinality(x.ids)::bigint * (cardinality(x.ids) - 1) / 2 >
      (select count(*) from sluice_distinct d where d.low_id = any(x.ids) and d.high_id = any(x.ids))
      and x.ids[1] > ${sql.value(behind)}::bigint
    order by x.ids[1] limit ${sql.literal(limit)}`,
  )
}

function duplicatesOf(entityType: string, rule: Rule, { ids, shown, values }: AlikeRow): Duplicates {
  return {
    entityType,
    alike: Object.fromEntries(rule.map(({ property }, n) => [property, values[n] ?? ''])),
    resources: ids.map((resourceId, n) => ({ resourceId, display: shown[n] ?? null })),
  }
}
