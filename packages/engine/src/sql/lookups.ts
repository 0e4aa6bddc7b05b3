/**
 * Finding resources by the value of a property: as the repository is before the run, and as it will be after it.
 *
 * A reference may name a resource that this very run inserts, and must not find one that it deletes; so a lookup after
 * the run reads the stored rows with the change set laid over them.
 *
 * @module
 */
import { nameBy, type SQL, sql, type Table, unionAll } from '@sluice/repository'
import { entityTypeOf, familyNames, type RunContext } from '../context/run-context.ts'
import { mergedNames, resourcesOf } from './tables.ts'

/** A property, or several (`namesIn`), by which resources of a type (or of those that extend it) are named. */
export interface LookupKey {
  readonly entityType: string
  readonly by: string
}

/** The changes that are laid over the stored rows: by entity type, the table of changes. */
export interface LaidOver {
  readonly tables: ReadonlyMap<string, Table>
  /** By entity type (merged_id, kept_id): resources that the run merges into another, whose names that one has from now on. */
  readonly merged?: ReadonlyMap<string, Table> | undefined
}

type Model = Pick<RunContext, 'model' | 'mergedNames'>

/** Text of the value of `by` in the row `alias`, in the form in which sources name it. */
export function lookupValue({ model }: Model, entityType: string, by: string, alias: SQL): SQL {
  return nameBy(entityTypeOf(model, entityType), by, alias)
}

/**
 * Relation (value, resource_id) over the whole family of the type as it will be after the run. Two resources with one value make it
 * ambiguous: its resource_id is null, as if there were none. `needed` is a query of the values that are looked for; without it, all there are.
 * `few`: they are few among all, and each type is asked for them by itself. PostgreSQL does not ask the parts of a union for what is wanted of it, and would read all.
 */
export function lookupAfterRun(
  of: Model,
  changes: LaidOver,
  { entityType, by }: LookupKey,
  needed?: SQL,
  { few = false }: { readonly few?: boolean } = {},
): SQL {
  const names = familyNames(of.model, entityType)
  const parts = names.map((name) => rowsAfterRun(of, changes, name, by, few ? needed : undefined))
  if (parts.length === 0) return nobody
  const former = names.flatMap((name) => formerNames(of, changes, name, by))
  if (former.length > 0) {
    const found = withFormerNames(parts, former, needed)
    return sql`(select f.value, case when f.count = 1 then f.resource_id end as resource_id from ${found} f)`
  }
  return sql`(
    select x.value, case when count(*) = 1 then min(x.resource_id) end as resource_id
    from (${unionAll(parts)}) x
    where ${isNeeded(few ? undefined : needed)}
    group by x.value)`
}

/** Condition on `x`. */
function isNeeded(needed: SQL | undefined): SQL {
  return needed === undefined ? sql`x.value is not null` : sql`x.value in (${needed})`
}

/**
 * Relation (value, resource_id, count) of all that answers to the needed values: those that are called so, or, where none is, those of which
 * one that was merged into them was. `parts`, `former`: queries (value, resource_id).
 */
export function withFormerNames(parts: readonly SQL[], former: readonly SQL[], needed?: SQL): SQL {
  const current = sql`filter (where not x.former)`
  return sql`(
    select x.value, coalesce(min(x.resource_id) ${current}, min(x.resource_id)) as resource_id,
      coalesce(nullif((count(*) ${current})::int, 0), count(distinct x.resource_id)::int) as count
    from (select c.value, c.resource_id, false as former from (${unionAll(parts)}) c
      union all select n.value, n.resource_id, true from (${unionAll(former)}) n) x
    where ${isNeeded(needed)}
    group by x.value)`
}

/** Queries (value, resource_id): what resources answer to since others were merged into them, before and by this run. */
export function formerNames(of: Model, changes: LaidOver, entityType: string, by: string): readonly SQL[] {
  const merged = changes.merged?.get(entityType)
  const kept = merged === undefined ? sql`n.resource_id` : sql`coalesce(m.kept_id, n.resource_id)`
  const moved = merged === undefined ? sql.blank : sql` left join ${merged} m on m.merged_id = n.resource_id`
  const table = changes.tables.get(entityType)
  const gone =
    table === undefined
      ? sql.blank
      : sql` and not exists (select from ${table} c where c._operation = 'delete' and c.resource_id = ${kept})`
  const before = sql`select n.value, ${kept} as resource_id from ${mergedNames} n${moved}
    where n.entity_type = ${sql.literal(entityType)} and n.property = ${sql.literal(by)}
      and exists (select from ${resourcesOf(entityType)} o where o.resource_id = n.resource_id)${gone}`
  return [
    ...(of.mergedNames?.has(mergedNameKey(entityType, by)) === true ? [before] : []),
    ...(merged === undefined
      ? []
      : [
          sql`select ${namedBy(of, entityType, by, sql`o`)} as value, m.kept_id as resource_id
          from ${merged} m join ${resourcesOf(entityType)} o on o.resource_id = m.merged_id`,
        ]),
  ]
}

/** What `mergedNames` of a run holds of a property by which resources are named. */
function mergedNameKey(entityType: string, property: string): string {
  return `${entityType}.${property}`
}

/** The same, of a row of merged names. */
export const nameOfMergedKey = sql`entity_type || '.' || property`

/** Stands for a property where ids are named. */
export const byId = 'resource_id'

/** As `lookupValue`; `by` may be `resource_id`, too. */
export function namedBy(of: Model, entityType: string, by: string, alias: SQL): SQL {
  return by === byId ? sql`${alias}.resource_id::text` : lookupValue(of, entityType, by, alias)
}

const nobody = sql`(select null::text as value, null::bigint as resource_id where false)`

function rowsAfterRun(
  of: Model,
  changes: LaidOver,
  entityType: string,
  by: string,
  needed: SQL | undefined,
): SQL {
  const was = lookupValue(of, entityType, by, sql`o`)
  const becomes = lookupValue(of, entityType, by, sql`c`)
  const among = (value: SQL) => (needed === undefined ? [] : [sql`${value} in (${needed})`])
  const table = changes.tables.get(entityType)
  const stays =
    table === undefined ? [] : [sql`not exists (select from ${table} c where c.resource_id = o.resource_id)`]
  const conditions = [...among(was), ...stays]
  const which = conditions.length === 0 ? sql.blank : sql` where ${sql.join(conditions, ' and ')}`
  const stored = sql`select ${was} as value, o.resource_id from ${resourcesOf(entityType)} o${which}`
  if (table === undefined) return stored
  const comes = sql.join([sql`c._operation <> 'delete'`, ...among(becomes)], ' and ')
  return sql`${stored}
    union all select ${becomes}, c.resource_id from ${table} c where ${comes}`
}

/** As `lookupAfterRun`, of the repository as it was before the run; a value may find several. */
export function lookupBeforeRun(of: Model, { entityType, by }: LookupKey, needed: SQL): SQL {
  const parts = familyNames(of.model, entityType).flatMap((name) => {
    const value = lookupValue(of, name, by, sql`o`)
    const former = formerNames(of, { tables: new Map() }, name, by)
    return [
      sql`select ${value} as value, o.resource_id from ${resourcesOf(name)} o where ${value} in (${needed})`,
      ...former.map(
        (names) => sql`select n.value, n.resource_id from (${names}) n where n.value in (${needed})`,
      ),
    ]
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
