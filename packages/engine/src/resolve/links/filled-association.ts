/**
 * One association as one source fills it, and its relations in SQL.
 *
 * @module
 */
import type { Association, AssociationMapping, Source } from '@sluice/model'
import { type SQL, sql } from '@sluice/repository'
import type { RunContext } from '../../context/run-context.ts'
import type { End } from '../../sql/link-shape.ts'
import type { LookupKey } from '../../sql/lookups.ts'
import { linksOf, orphanLinks } from '../../sql/tables.ts'

export interface FilledAssociation {
  readonly source: Source
  readonly sourceId: number
  readonly mapping: AssociationMapping
  readonly association: Association
}

/** Every association that some source fills. */
export function filledAssociations({ model, sources }: RunContext): readonly FilledAssociation[] {
  return [...sources.values()].flatMap(({ source, id: sourceId }) =>
    source.associations.flatMap((mapping): readonly FilledAssociation[] => {
      const association = model.associations.get(mapping.association)
      return association === undefined ? [] : [{ source, sourceId, mapping, association }]
    }),
  )
}

/** By what an end is looked up. */
export function endKey(
  { association, mapping }: Pick<FilledAssociation, 'association' | 'mapping'>,
  end: End,
): LookupKey {
  return { entityType: association[end], by: mapping[end].by }
}

/** Query of the source's stored links, `*` of `l`. */
export function storedLinks({ association, sourceId }: FilledAssociation, condition?: SQL): SQL {
  const among = condition === undefined ? sql.blank : sql` and ${condition}`
  return sql`select l.* from ${linksOf(association.name)} l where l.source_id = ${sql.literal(sourceId)}${among}`
}

/** Query of the source's waiting pairs, `*` of `w`. */
export function waitingPairs({ association, sourceId }: FilledAssociation, condition?: SQL): SQL {
  const among = condition === undefined ? sql.blank : sql` and ${condition}`
  return sql`select w.* from ${orphanLinks} w
    where w.source_id = ${sql.literal(sourceId)} and w.association = ${sql.literal(association.name)}${among}`
}
