/**
 * References to resources that are merged point to the ones they became.
 *
 * @module
 */
import { type SQL, sql, type Table, unionAll } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import { familyNames, type RunContext } from '../context/run-context.ts'
import { redirectReferences } from '../resolve/redirect-references.ts'

export type Merged = ReadonlyMap<string, Table>

export function moveReferences(
  context: RunContext,
  changes: EntityChanges,
  merged: Merged,
): Promise<EntityChanges> {
  return redirectReferences(context, changes, (entityType) => {
    const pairs = pairsIn(context, merged, entityType)
    return pairs && sql`(select p.merged_id as from_id, p.kept_id as to_id from ${pairs} p)`
  })
}

/** Relation (merged_id, kept_id) over the family of a type; `undefined`: nothing of it is merged. */
export function pairsIn(
  { model }: Pick<RunContext, 'model'>,
  merged: Merged,
  entityType: string,
): SQL | undefined {
  const tables = familyNames(model, entityType).flatMap((name) => merged.get(name) ?? [])
  if (tables.length === 0) return undefined
  return sql`(${unionAll(tables.map((table) => sql`select p.merged_id, p.kept_id from ${table} p`))})`
}
