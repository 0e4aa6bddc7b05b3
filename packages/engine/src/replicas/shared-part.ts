/**
 * The part of a run in which a source says something of one shared entity type.
 *
 * @module
 */
import type { SourcePart } from '../context/run-context.ts'
import { type SharedShape, sharedShape } from '../sql/shared-shape.ts'

export interface SharedPart extends SourcePart {
  readonly shape: SharedShape
  /** Of every source that fills the type, this one included, in the order of the configuration. */
  readonly owners: readonly SharedShape[]
}

export function sharedPart(part: SourcePart, entityType: string): SharedPart {
  const owners = [...part.sources.values()].flatMap((known) =>
    known.source.entities
      .filter((mapping) => mapping.entityType === entityType)
      .map((mapping) => sharedShape(part.model, known, mapping)),
  )
  const shape = owners.find(({ sourceId }) => sourceId === part.sourceId)
  if (shape === undefined) throw new Error(`Source ${part.source.name} does not fill ${entityType}.`)
  return { ...part, shape, owners }
}
