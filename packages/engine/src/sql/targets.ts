/**
 * Lookup of what references of shared types name: how many resources answer to a name, and the first of them.
 *
 * @module
 */
import { type SQL, sql, unionAll } from '@sluice/repository'
import { familyNames, type RunContext } from '../context/run-context.ts'
import { byId, formerNames, type LaidOver, namedBy, withFormerNames } from './lookups.ts'
import type { SharedReference } from './shared-shape.ts'
import { resourcesOf } from './tables.ts'

/**
 * Relation (value, resource_id, count) over the family that the reference points to, with the changes laid over what is stored; `needed` is
 * a query of the values that are looked for.
 */
export function targetsOf(
  of: Pick<RunContext, 'model' | 'mergedNames'>,
  { property, by = byId }: SharedReference,
  needed: SQL,
  changes: LaidOver = { tables: new Map() },
): SQL {
  const names = familyNames(of.model, property.to)
  const parts = names.map((name) => {
    const value = (alias: SQL) => namedBy(of, name, by, alias)
    const stored = sql`select ${value(sql`o`)} as value, o.resource_id from ${resourcesOf(name)} o where ${value(sql`o`)} in (${needed})`
    const table = changes.tables.get(name)
    if (table === undefined) return stored
    return sql`${stored} and not exists (select from ${table} c where c.resource_id = o.resource_id)
      union all select ${value(sql`c`)}, c.resource_id from ${table} c where c._operation <> 'delete' and ${value(sql`c`)} in (${needed})`
  })
  const former = names.flatMap((name) => formerNames(of, changes, name, by))
  if (former.length > 0) return withFormerNames(parts, former, needed)
  const found =
    parts.length === 0
      ? sql`select null::text as value, null::bigint as resource_id where false`
      : unionAll(parts)
  return sql`(select x.value, min(x.resource_id) as resource_id, count(*)::int as count from (${found}) x group by x.value)`
}
