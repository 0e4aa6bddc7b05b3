/**
 * Old and new values of a change as JSON by property name, the form of histories and plans.
 *
 * Updates show what differs and nothing else. A reference is told by what people call its target, so
 * that a history still makes sense when the target is gone. Of binary content only size and checksum
 * are kept: a history is no place for photographs.
 *
 * @module
 */
import type { EntityModel, EntityType, Property } from '@sluice/model'
import { columnOf, columnsOf, family, identifier, literal } from '@sluice/repository'
import type { ChangeSet } from './change-set.ts'
import { tableOf } from './work.ts'

/** What is needed to name the target of a reference: the model, and the changes that may hold it. */
export interface Naming {
  readonly model: EntityModel
  readonly changes: ChangeSet['entities']
}

/**
 * SQL of what people call a resource: its display property, stored or about to be; else what the SQL
 * expressions in `otherwise` know of it; else its id.
 */
export function nameOf(
  naming: Naming,
  entityType: string,
  id: string,
  otherwise: readonly string[] = [],
): string {
  const names = family(naming.model, entityType).flatMap((type) => {
    const display = type.properties.find(({ name }) => name === type.display) ?? type.properties[0]
    if (display === undefined || display.type === 'file' || display.type === 'reference') return []
    const column = identifier(columnOf(display))
    const change = naming.changes.find((entry) => entry.entityType === type.name)
    const stored = `(select n.${column}::text from ${tableOf(type.name)} n where n.resource_id = ${id})`
    if (change === undefined || change.counts.inserted === 0) return [stored]
    return [stored, `(select n.${column}::text from ${change.table} n where n.resource_id = ${id} limit 1)`]
  })
  return `coalesce(${[...names, ...otherwise, `${id}::text`].join(', ')})`
}

/** SQL (jsonb) of one property's value in `row`; null when it has none. */
function jsonValue(naming: Naming, property: Property, row: string): string {
  const [first] = columnsOf(property)
  const column = `${row}.${identifier(first.name)}`
  if (property.type === 'reference') {
    return `case when ${column} is not null then to_jsonb(${nameOf(naming, property.to, column)}) end`
  }
  if (property.type !== 'file') return `to_jsonb(${column})`
  return `to_jsonb(octet_length(${column}) || ' bytes, md5 ' || md5(${column}))`
}

/** SQL scalar subquery: `{property: value}` of everything `row` holds. */
export function allValues(naming: Naming, properties: readonly Property[], row: string): string {
  if (properties.length === 0) return nothing
  const pairs = properties.map(
    (property) => `(${literal(property.name)}, ${jsonValue(naming, property, row)})`,
  )
  return `(select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ${pairs.join(', ')}) v(name, value) where v.value is not null)`
}

/** SQL (jsonb): `{property: value of side}` of what differs between `before` and `after`. */
function differingValues(
  naming: Naming,
  properties: readonly Property[],
  before: string,
  after: string,
  side: 'before' | 'after',
): string {
  if (properties.length === 0) return nothing
  const differs = (property: Property) => {
    const column = identifier(columnOf(property))
    return `${before}.${column} is distinct from ${after}.${column}`
  }
  // Mostly one value differs of many, so that whole groups are passed over; and they are concatenated, because a
  // subquery for every row costs several times as much.
  const group = (of: readonly Property[]): string => {
    const [first, ...rest] = of
    const value = (property: Property) => jsonValue(naming, property, side === 'before' ? before : after)
    const half = Math.ceil(of.length / 2)
    const said =
      first !== undefined && rest.length === 0
        ? `jsonb_build_object(${literal(first.name)}, ${value(first)})`
        : `(${group(of.slice(0, half))} || ${group(of.slice(half))})`
    return `case when ${of.map(differs).join(' or ')} then ${said} else ${nothing} end`
  }
  return `(${group(properties)})`
}

const nothing = `'{}'::jsonb`

/** SQL select list (before, after, drift) of a change row `c` against the stored row `o`. */
export function toldOfChange(naming: Naming, properties: EntityType['properties'], stored = 'o'): string {
  const all = (row: string) => allValues(naming, properties, row)
  const side = (which: 'before' | 'after') => differingValues(naming, properties, stored, 'c', which)
  return [
    `case c._operation when 'insert' then null when 'delete' then ${all(stored)} else ${side('before')} end as before`,
    `case c._operation when 'delete' then null when 'insert' then ${all('c')} else ${side('after')} end as after`,
    'coalesce(c._drift, false) as drift',
  ].join(', ')
}
