/**
 * What entries of link sets name their targets by: several properties of it, or its id.
 *
 * @module
 */
import type { EntityModel } from '@sluice/model'
import { type SQL, sql, unionAll } from '@sluice/repository'
import { familyNames } from '../context/run-context.ts'
import { namedBy } from './lookups.ts'
import { resourcesOf } from './tables.ts'

/** Relation (by, resource_id, count) of what resources of the family answer to; `among` is a query of the values (text[]) that are looked for. */
export function resourcesNamedBy(
  model: EntityModel,
  of: { readonly entityType: string; readonly names: readonly string[]; readonly among: SQL },
): SQL {
  const parts = familyNames(model, of.entityType).map((type) => {
    const values = of.names.map((name) => namedBy({ model }, type, name, sql`o`))
    return sql`select o.resource_id, array[${sql.join(values, ', ')}]::text[] as by from ${resourcesOf(type)} o`
  })
  return sql`(select x.by, min(x.resource_id) as resource_id, count(*)::int as count from (${unionAll(parts)}) x
    where x.by in (${of.among}) group by x.by)`
}

/** SQL (text[]) of the names. */
export function namesAs(names: readonly string[]): SQL {
  return sql`array[${sql.join(
    names.map((name) => sql.literal(name)),
    ', ',
  )}]::text[]`
}
