/**
 * The order in which entity types are loaded: targets of references before those who refer to them, as
 * far as cycles let it.
 *
 * @module
 */
import type { EntityModel } from '@sluice/model'
import { familyNames } from '../context/run-context.ts'
import type { EntityShape } from '../sql/entity-shape.ts'

export function loadOrder<T extends { readonly shape: EntityShape }>(
  model: EntityModel,
  entities: readonly T[],
): readonly T[] {
  const ordered: T[] = []
  const visited = new Set<T>()
  const visit = (entity: T): void => {
    if (visited.has(entity)) return
    visited.add(entity)
    for (const { property } of entity.shape.references) {
      const targets = familyNames(model, property.to)
      for (const target of entities) if (targets.includes(target.shape.type.name)) visit(target)
    }
    ordered.push(entity)
  }
  for (const entity of entities) visit(entity)
  return ordered
}
