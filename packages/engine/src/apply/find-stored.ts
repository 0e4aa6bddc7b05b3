/**
 * Ways to find what a change is about.
 *
 * A stored row lies where it lay when it was compared, and is found there without an index, unless somebody else
 * has written it since or the table was rewritten. What is not found there is looked for by its id.
 *
 * @module
 */
import { type SQL, sql, Table } from '@sluice/repository'
import type { EntityChangeEntry } from '../changes/change-set.ts'
import { inPlace } from '../sql/row-version.ts'
import type { Applying } from './apply-change-set.ts'

/** The resource `o` is that of the change `c`. */
export const byId = sql`o.resource_id = c.resource_id`
export const whereItLay = inPlace(sql`o`, sql`c._base_place`, byId)

/** The link `l` is that of the change `c`. */
export const sameLink = sql`l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id`

/** SQL of the number of the run that the change `c` of an entity type is of. */
export function runOf({ runId, together }: Pick<Applying, 'runId' | 'together'>): SQL {
  return together?.runOfChange ?? sql.literal(runId)
}

/** Relation of the changes of an entity type. */
export function changesIn(
  { together }: Pick<Applying, 'together'>,
  { entityType, table }: Pick<EntityChangeEntry, 'entityType' | 'table'>,
): SQL {
  return together === undefined ? sql`${new Table(table)}` : together.changesOf(entityType)
}
