/**
 * Old and new values of a change as JSON by property name, the form of histories and plans.
 *
 * Updates show what differs and nothing else. Of binary content only size and checksum are kept: a
 * history is no place for photographs.
 *
 * @module
 */
import type { EntityType, Property } from '@sluice/model'
import { columnsOf, identifier, literal } from '@sluice/repository'

/** SQL (jsonb) of one property's value in `row`; null when it has none. */
function valueOf(property: Property, row: string): string {
  const [first] = columnsOf(property)
  const column = `${row}.${identifier(first.name)}`
  if (property.type !== 'file') return `to_jsonb(${column})`
  return `to_jsonb(octet_length(${column}) || ' bytes, md5 ' || md5(${column}))`
}

/** SQL scalar subquery: `{property: value}` of everything `row` holds. */
export function allValues(properties: readonly Property[], row: string): string {
  if (properties.length === 0) return `'{}'::jsonb`
  const pairs = properties.map((property) => `(${literal(property.name)}, ${valueOf(property, row)})`)
  return `(select coalesce(jsonb_object_agg(v.name, v.value), '{}'::jsonb) from (values ${pairs.join(', ')}) v(name, value) where v.value is not null)`
}

/** SQL scalar subquery: `{property: value of side}` of what differs between `before` and `after`. */
export function differingValues(
  properties: readonly Property[],
  before: string,
  after: string,
  side: 'before' | 'after',
): string {
  if (properties.length === 0) return `'{}'::jsonb`
  const triples = properties.map(
    (property) => `(${literal(property.name)}, ${valueOf(property, before)}, ${valueOf(property, after)})`,
  )
  return `(select jsonb_object_agg(v.name, v.${side}) from (values ${triples.join(', ')}) v(name, before, after) where v.before is distinct from v.after)`
}

/** SQL select list (before, after) of a change row `c` against the stored row `o`. */
export function beforeAndAfter(properties: EntityType['properties']): { before: string; after: string } {
  return {
    before: `case c.operation when 'insert' then null when 'delete' then ${allValues(properties, 'o')} else ${differingValues(properties, 'o', 'c', 'before')} end`,
    after: `case c.operation when 'delete' then null when 'insert' then ${allValues(properties, 'c')} else ${differingValues(properties, 'o', 'c', 'after')} end`,
  }
}
