/**
 * A step of a walk, and the ends of its rows `l` as SQL.
 *
 * @module
 */
import { type SQL, sql } from '../sql/statement.ts'
import type { End, Way } from './ways.ts'

/** From one end of a way to the other. */
export interface Step {
  readonly way: Way
  /** The end at which it begins. */
  readonly at: End
  /** SQL condition on the row `l`. */
  readonly condition: SQL
  /** SQL expression: how much of an impact goes along it, in percent. */
  readonly weight: SQL
}

/** From this end along all there is, with whole weight. */
export function stepOf(way: Way, at: End): Step {
  return { way, at, condition: sql.true, weight: sql`100::float8` }
}

export const otherEnd = { from: 'to', to: 'from' } as const

export function idOf(end: End): SQL {
  return { from: sql`l.from_id`, to: sql`l.to_id` }[end]
}

/**
 * All sources there are, and nobody, whose number is 0. It says nothing of the rows and much of the index: the primary key of links begins
 * with the source.
 */
export function sourcesOf(way: Way): readonly SQL[] {
  if (way.kind === 'reference') return []
  return [sql`l.source_id = any(array(select 0 union all select source_id from sluice_source))`]
}
