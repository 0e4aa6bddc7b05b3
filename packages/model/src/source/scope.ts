/**
 * The scope of a mapping: of which types its rows may have resources.
 *
 * @module
 */

interface Scoped {
  readonly entityType: string
  /** Concrete types; its own when absent. */
  readonly scope?: readonly string[] | undefined
}

/** The concrete types of which the rows of a mapping may have resources. */
export function scopeOf({ entityType, scope }: Scoped): readonly string[] {
  return scope ?? [entityType]
}

/** Says whether rows of the mapping may have resources of exactly this type. */
export function fills(mapping: Scoped, entityType: string): boolean {
  return mapping.entityType === entityType || scopeOf(mapping).includes(entityType)
}
