/**
 * Figures of the report of a run as SQL: of the mappings of the source `s` alone.
 *
 * @module
 */
import type { EntityRows, ReplicaCounts } from '@sluice/model'
import { type SQL, sql } from '../sql/statement.ts'

/** What a run makes of rows of shared types that cannot be applied; each run tries them again. */
const faults = [
  'creationErrors',
  'reconciliationErrors',
  'updateErrors',
  'obsolescenceErrors',
  'deletionErrors',
] as const satisfies readonly (keyof ReplicaCounts)[]

/** So many rows of the mappings of the source. */
export function countedIn(report: SQL, figure: keyof EntityRows): SQL {
  return sql`coalesce((select sum((m -> 'rows' ->> ${sql.literal(figure)})::int)
    from jsonb_array_elements(coalesce(${report} -> 'entities', '[]') || coalesce(${report} -> 'associations', '[]')) m
    where m ->> 'source' = s.name), 0)`
}

/** Rows that the mappings of the source have left out in the run. */
export function rejectedIn(report: SQL): SQL {
  return countedIn(report, 'rejected')
}

export function faultyIn(report: SQL): SQL {
  const counts = faults.map((name) => sql`coalesce((m -> 'replicas' ->> ${sql.literal(name)})::int, 0)`)
  return sql`coalesce((select sum(${sql.join(counts, ' + ')})
    from jsonb_array_elements(coalesce(${report} -> 'entities', '[]')) m where m ->> 'source' = s.name), 0)`
}
