/**
 * Finding resources by the value of a property, as the repository will be when the run is applied.
 *
 * A reference may name a resource that this very run inserts, and must not find one that it deletes;
 * so a lookup reads the stored rows with the change set laid over them.
 *
 * @module
 */
import { columnOf, identifier } from '@sluice/repository'
import type { ChangeTables } from './change-tables.ts'
import { entityTypeOf, familyNames, propertyOf, tableOf, type Work } from './work.ts'

/** SQL text of a property's value in the form in which sources name it; `row` is an alias. */
export function lookupValue(work: Work, entityType: string, by: string, row: string): string {
  const property = propertyOf(entityTypeOf(work.model, entityType), by)
  const column = `${row}.${identifier(columnOf(property))}`
  return ['string', 'text', 'enum'].includes(property.type) ? column : `${column}::text`
}

/**
 * SQL subquery (value, resource_id) over the whole family of `entityType` as it becomes. Two
 * resources with one value make it ambiguous: its resource_id is null, as if there were none.
 * `needed` is a SQL query of the values that are looked for.
 */
export function becomingLookup(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  needed: string,
): string {
  const parts = familyNames(work.model, entityType).map((name) => becomingRows(work, tables, name, by))
  if (parts.length === 0) return '(select null::text as value, null::bigint as resource_id where false)'
  return `(
    select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
    from (${parts.join(' union all ')}) x
    where x.value in (${needed})
    group by x.value)`
}

function becomingRows(work: Work, tables: ChangeTables, entityType: string, by: string): string {
  const value = (row: string) => lookupValue(work, entityType, by, row)
  const stored = `select ${value('o')} as value, o.resource_id from ${tableOf(entityType)} o`
  const changes = tables.entities.get(entityType)
  if (changes === undefined) return stored
  return `${stored} where not exists (select from ${changes} c where c.resource_id = o.resource_id)
    union all select ${value('c')}, c.resource_id from ${changes} c where c.operation <> 'delete'`
}

/**
 * SQL query (value, resource_id) of what the run makes newly findable by `by`: inserted resources,
 * and those whose value changed. `undefined` when the run changes nothing in the family.
 */
export function arrivingRows(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
): string | undefined {
  const parts = familyNames(work.model, entityType).flatMap((name) => {
    const changes = tables.entities.get(name)
    const value = lookupValue(work, name, by, 'c')
    if (tables.loaded.has(name)) return [`select ${value} as value, c.resource_id from ${tableOf(name)} c`]
    if (changes === undefined) return []
    return [
      `select ${value} as value, c.resource_id from ${changes} c
       left join ${tableOf(name)} o on o.resource_id = c.resource_id
       where c.operation <> 'delete' and ${value} is distinct from ${lookupValue(work, name, by, 'o')}`,
    ]
  })
  return parts.length === 0 ? undefined : parts.join(' union all ')
}

/**
 * SQL query (value, resource_id) of what the run makes no longer findable: deleted resources and,
 * with `renamed`, those whose value changed; the value as it was.
 */
export function departingRows(
  work: Work,
  tables: ChangeTables,
  entityType: string,
  by: string,
  renamed: boolean,
): string | undefined {
  const parts = familyNames(work.model, entityType).flatMap((name) => {
    const changes = tables.entities.get(name)
    if (changes === undefined) return []
    const was = lookupValue(work, name, by, 'o')
    const moved = renamed ? `or ${was} is distinct from ${lookupValue(work, name, by, 'c')}` : ''
    return [
      `select ${was} as value, o.resource_id from ${changes} c
       join ${tableOf(name)} o on o.resource_id = c.resource_id
       where c.operation = 'delete' ${moved}`,
    ]
  })
  return parts.length === 0 ? undefined : parts.join(' union all ')
}
