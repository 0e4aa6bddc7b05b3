/**
 * Which changes of a run are asked for, as conditions on the tables of a change set and on histories.
 *
 * @module
 */
import type { ChangeCounts, ChangesOptions, EntityModel, Property } from '@sluice/model'
import { allOf, anyOf, columnOf, columnOfRow, type SQL, sql, UnknownNameError } from '@sluice/repository'
import { type DisplayContext, differsIn, displayName } from '../sql/display-values.ts'
import { linksOf, resourcesOf } from '../sql/tables.ts'
import { type EntityChangeEntry, type LinkChangeEntry, propertiesOf } from './change-set.ts'

export type ChangeFilter = Pick<
  ChangesOptions,
  'drift' | 'type' | 'operation' | 'key' | 'keyStart' | 'property'
>

export type Operation = 'insert' | 'update' | 'delete'
export const operations: readonly Operation[] = ['delete', 'update', 'insert']

/** Throws `UnknownNameError` where the model has no such entity type or association, or nothing of it has the property. */
export function requireNames({ entityTypes, associations }: EntityModel, filter: ChangeFilter): void {
  const all = [...entityTypes.values(), ...associations.values()]
  const named = all.filter(({ name }) => filter.type === undefined || name === filter.type)
  if (filter.type !== undefined && named.length === 0)
    throw new UnknownNameError(
      'entity type or association',
      filter.type,
      all.map(({ name }) => name),
    )
  const properties = [...new Set(named.flatMap((one) => one.properties.map(({ name }) => name)))]
  if (filter.property !== undefined && !properties.includes(filter.property))
    throw new UnknownNameError('property', filter.property, properties)
}

/** Those that there are of a type or association, as far as they are asked for. */
export function operationsIn(
  name: string,
  { inserted, updated, deleted }: ChangeCounts,
  filter: ChangeFilter,
): readonly Operation[] {
  const counts = { insert: inserted, update: updated, delete: deleted }
  return operations.filter((operation) => counts[operation] > 0 && isAsked(filter, { type: name, operation }))
}

/** Whether changes of this kind are among those that are asked for. */
export function isAsked(
  filter: ChangeFilter,
  { type, operation }: { readonly type: string; readonly operation: Operation },
): boolean {
  return (
    (filter.type === undefined || filter.type === type) &&
    (filter.operation === undefined || filter.operation === operation)
  )
}

/** Condition on `c`, a row of the table of changes. */
export function amongEntities(
  { model }: DisplayContext,
  entry: EntityChangeEntry,
  { drift, key, keyStart, property: name }: ChangeFilter,
): SQL {
  const own = [
    ...driftOf(drift, sql`c._drift`),
    ...equal(sql`c._key`, key),
    ...begins([sql`c._key`], keyStart),
  ]
  if (name === undefined) return allOf(own)
  const property = propertiesOf(model, entry).find((one) => one.name === name)
  const stored = sql`select from ${resourcesOf(entry.entityType)} o where o.resource_id = c.resource_id`
  return allOf([...own, changesIn(property, stored, sql`o`)])
}

/** Condition on `c`, a row of the table of changes; a key is what an end of the link is called. */
export function amongLinks(
  displays: DisplayContext,
  { association: name }: LinkChangeEntry,
  { drift, key, keyStart, property }: ChangeFilter,
): SQL {
  const association = displays.model.associations.get(name)
  if (association === undefined) return sql.false
  const ends = [
    displayName(displays, association.from, sql`c.from_id`),
    displayName(displays, association.to, sql`c.to_id`),
  ]
  const own = [...driftOf(drift, sql`c._drift`), ...equalEither(ends, key), ...begins(ends, keyStart)]
  if (property === undefined) return allOf(own)
  const stored = sql`select from ${linksOf(name)} l
    where l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id`
  const found = association.properties.find((one) => one.name === property)
  return allOf([...own, changesIn(found, stored, sql`l`)])
}

/** Condition: the change gives the property a value, takes it, or makes it another one. `stored`: query of the row before, ending with its condition. */
function changesIn(property: Property | undefined, stored: SQL, row: SQL): SQL {
  if (property === undefined) return sql.false
  const column = columnOf(property)
  return sql`case c._operation
    when 'insert' then ${columnOfRow(sql`c`, column)} is not null
    when 'delete' then exists (${stored} and ${columnOfRow(row, column)} is not null)
    else exists (${stored} and (${differsIn(property, { before: row, after: sql`c` })})) end`
}

/** Condition on `h`, a row of the history of resources. */
export function amongHistory({ type, operation, key, keyStart, ...filter }: ChangeFilter): SQL {
  return allOf([
    ...inHistory(filter),
    ...equal(sql`h.entity_type`, type),
    ...equal(sql`h.operation`, operation),
    ...equal(sql`h.key`, key),
    ...begins([sql`h.key`], keyStart),
  ])
}

/** Condition on `h`, a row of the history of links; `ends`: SQL of what they are called. */
export function amongLinkHistory(
  ends: readonly SQL[],
  { operation, key, keyStart, type: _, ...filter }: ChangeFilter,
): SQL {
  return allOf([
    ...inHistory(filter),
    ...equal(sql`h.operation`, operation),
    ...equalEither(ends, key),
    ...begins(ends, keyStart),
  ])
}

function inHistory({ drift, property }: ChangeFilter): readonly SQL[] {
  const marked = driftOf(drift, sql`h.drift`)
  if (property === undefined) return marked
  const name = sql.value(property)
  return [...marked, sql`(jsonb_exists(h.before, ${name}) or jsonb_exists(h.after, ${name}))`]
}

function driftOf(drift: boolean | undefined, marked: SQL): readonly SQL[] {
  return drift === true ? [marked] : []
}

function equal(column: SQL, value: string | undefined): readonly SQL[] {
  return value === undefined ? [] : [sql`${column} = ${sql.value(value)}`]
}

function equalEither(ends: readonly SQL[], value: string | undefined): readonly SQL[] {
  if (value === undefined) return []
  return [sql`${sql.value(value)} in (${sql.join([...ends], ', ')})`]
}

/** An index in the order of bytes finds them. */
function begins(texts: readonly SQL[], start: string | undefined): readonly SQL[] {
  if (start === undefined) return []
  return [sql`(${anyOf(texts.map((text) => sql`${text} ^@ ${sql.value(start)}`))})`]
}
