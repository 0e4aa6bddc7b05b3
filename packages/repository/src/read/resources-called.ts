/**
 * The resources that a name means, at the target of a reference or at an end of links: one is meant, several are ambiguous, none is not there.
 *
 * @module
 */
import { namesIn, type StoredModel } from '@sluice/model'
import { nameBy } from '../layout/composed.ts'
import { entityTable, family } from '../layout/layout.ts'
import { unionAll } from '../sql/fragments.ts'
import { type SQL, sql, Table } from '../sql/statement.ts'

/** So many say enough. */
export const mostCandidates = 20

/** By what resources of a type are looked up: properties, or `resource_id`. */
export interface LookedUp {
  readonly target: string
  readonly by: string
}

/** Query (id, text) of those that answer to `value` (text), the first of them. */
function resourcesCalled(model: StoredModel, { target, by }: LookedUp, value: SQL): SQL {
  const parts = family(model, target).flatMap((type) => {
    const known = type.properties.map(({ name }) => name)
    if (by !== 'resource_id' && !namesIn(by).every((name) => known.includes(name))) return []
    const name = by === 'resource_id' ? sql`o.resource_id::text` : nameBy(type, by, sql`o`)
    return [sql`select o.resource_id from ${new Table(entityTable(type.name))} o where ${name} = ${value}`]
  })
  if (parts.length === 0) return sql`select null::text as id where false`
  return sql`select n.resource_id::text as id from (${unionAll(parts)}) n order by n.resource_id limit ${sql.literal(mostCandidates)}`
}

/** From clause of one row: how many there are (`found`), and their ids (`candidates`). */
export function candidatesCalled(model: StoredModel, lookedUp: LookedUp, value: SQL): SQL {
  return sql`(select count(*)::int as found, coalesce(array_agg(c.id), '{}') as candidates
    from (${resourcesCalled(model, lookedUp, value)}) c)`
}
