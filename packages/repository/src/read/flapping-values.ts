/**
 * Finds values that go back and forth.
 *
 * @module
 */
import { type SQL, sql } from '../sql/statement.ts'

/** Such a value has changed so often in this time, and came back to what it had been. */
const flapping = { changes: 3, days: 30 } as const

/** Query (resource_id, property, changes), of types by their names; `property`: only of this one. */
export function flappingValues(types: readonly string[], property?: string): SQL {
  const changed = property === undefined ? sql.true : sql`jsonb_exists(h.after, ${sql.value(property)})`
  const named = property === undefined ? sql.true : sql`c.key = ${sql.value(property)}`
  return sql`select h.resource_id, c.key as property, count(*)::int as changes from sluice_history h, jsonb_each(h.after) c
    where h.entity_type = any(${sql.value(types)}::text[]) and h.operation = 'update' and ${changed} and ${named} and h.run_id >= (
      select min(run_id) from sluice_run where started_at > now() - make_interval(days => ${sql.value(flapping.days)}::int))
    group by h.resource_id, c.key
    having count(*) >= ${sql.value(flapping.changes)}::int and count(distinct c.value) < count(*)`
}
