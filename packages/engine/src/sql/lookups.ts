/**
 * Finding resources by the value of a property: as the repository is before the run, and as it will be after it.
 *
 * A reference may name a resource that this very run inserts, and must not find one that it deletes; so a lookup after
 * the run reads the stored rows with the change set laid over them.
 *
 * @module
 */
import { columnOf, columnOfRow, lookedUpAs, type SQL, sql, type Table, unionAll } from '@sluice/repository'
import { entityTypeOf, familyNames, propertyOf, type RunContext } from '../context/run-context.ts'
import { resourcesOf } from './tables.ts'

/** A property by which resources of a type (or of those that extend it) are named. */
export interface LookupKey {
  readonly entityType: string
  readonly by: string
}

/** The changes that are laid over the stored rows: by entity type, the table of changes. */
export interface LaidOver {
  readonly tables: ReadonlyMap<string, Table>
}

type Model = Pick<RunContext, 'model'>

/** Text of the value of `by` in the row `alias`, in the form in which sources name it. */
export function lookupValue({ model }: Model, entityType: string, by: string, alias: SQL): SQL {
  const property = propertyOf(entityTypeOf(model, entityType), by)
  return lookedUpAs(property, columnOfRow(alias, columnOf(property)))
}

/**
 * Relation (value, resource_id) over the whole family of the type as it will be after the run. Two resources with one value make it
 * ambiguous: its resource_id is null, as if there were none. `needed` is a query of the values that are looked for.
 */
export function lookupAfterRun(
  of: Model,
  changes: LaidOver,
  { entityType, by }: LookupKey,
  needed: SQL,
): SQL {
  const parts = familyNames(of.model, entityType).map((name) => rowsAfterRun(of, changes, name, by))
  if (parts.length === 0) return nobody
  return sql`(
    select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
    from (${unionAll(parts)}) x
    where x.value in (${needed})
    group by x.value)`
}

const nobody = sql`(select null::text as value, null::bigint as resource_id where false)`

function rowsAfterRun(of: Model, changes: LaidOver, entityType: string, by: string): SQL {
  const stored = sql`select ${lookupValue(of, entityType, by, sql`o`)} as value, o.resource_id from ${resourcesOf(entityType)} o`
  const table = changes.tables.get(entityType)
  if (table === undefined) return stored
  return sql`${stored} where not exists (select from ${table} c where c.resource_id = o.resource_id)
    union all select ${lookupValue(of, entityType, by, sql`c`)}, c.resource_id from ${table} c where c._operation <> 'delete'`
}

/** As `lookupAfterRun`, of the repository as it was before the run; a value may find several. */
export function lookupBeforeRun(of: Model, { entityType, by }: LookupKey, needed: SQL): SQL {
  const parts = familyNames(of.model, entityType).map((name) => {
    const value = lookupValue(of, name, by, sql`o`)
    return sql`select ${value} as value, o.resource_id from ${resourcesOf(name)} o where ${value} in (${needed})`
  })
  return parts.length === 0 ? nobody : sql`(${unionAll(parts)})`
}

/** Relation (resource_id, value): what every stored resource of the family answers to. */
export function storedValues(of: Model, { entityType, by }: LookupKey): SQL {
  const parts = familyNames(of.model, entityType).map(
    (name) =>
      sql`select o.resource_id, ${lookupValue(of, name, by, sql`o`)} as value from ${resourcesOf(name)} o`,
  )
  return parts.length === 0 ? nobody : sql`(${unionAll(parts)})`
}
