/**
 * What an order is about: the rows of a source of an entity type, or its links of an association.
 *
 * @module
 */
import type { Association, AssociationMapping, EntityMapping } from '@sluice/model'
import { type SQL, sql } from '@sluice/repository'
import type { KnownSource } from '../context/run-context.ts'
import { type SharedLinkSet, type SharedShape, sharedShape } from '../sql/shared-shape.ts'
import type { Known } from './shown-values.ts'

export type Subject = RowsSubject | LinksSubject

export interface RowsSubject {
  readonly known: KnownSource
  /** Of the entity type. */
  readonly name: string
  readonly mapping: EntityMapping
}

export interface LinksSubject {
  readonly known: KnownSource
  /** Of the association. */
  readonly name: string
  readonly association: Association
  /** Files hold the links … */
  readonly delivered?: AssociationMapping | undefined
  /** … or columns of open tables do. */
  readonly sets: readonly OwnedLinkSet[]
}

/** A link set, with the rows that hold it. */
export interface OwnedLinkSet {
  readonly shape: SharedShape
  readonly set: SharedLinkSet
}

export function rowsOf(known: KnownSource, entityType: string): RowsSubject | undefined {
  const mapping = known.source.entities.find((one) => one.entityType === entityType)
  return mapping && { known, name: entityType, mapping }
}

export function linksSaidBy(
  { model }: Known,
  known: KnownSource,
  association: string,
): LinksSubject | undefined {
  const of = model.associations.get(association)
  const delivered = known.source.associations.find((one) => one.association === association)
  const sets = known.source.entities.flatMap((mapping): readonly OwnedLinkSet[] => {
    if (mapping.linkSets?.some((set) => set.association === association) !== true) return []
    const shape = sharedShape(model, known, mapping)
    return shape.linkSets.filter((set) => set.association.name === association).map((set) => ({ shape, set }))
  })
  if (of === undefined || (delivered === undefined && sets.length === 0)) return undefined
  return { known, name: association, association: of, delivered, sets }
}

/** All that the source says something of. */
export function subjectsOf(context: Known, known: KnownSource): readonly Subject[] {
  const { entities } = known.source
  const links = [...context.model.associations.keys()].map((name) => linksSaidBy(context, known, name))
  return [
    ...entities.map((mapping): Subject => ({ known, name: mapping.entityType, mapping })),
    ...links.flatMap((one) => one ?? []),
  ]
}

/** Condition on the order `alias`. */
export function isAbout(subject: Subject, alias: SQL): SQL {
  const column = 'mapping' in subject ? sql`entity_type` : sql`association`
  return sql`${alias}.source_id = ${sql.literal(subject.known.id)} and ${alias}.${column} = ${sql.literal(subject.name)}`
}
