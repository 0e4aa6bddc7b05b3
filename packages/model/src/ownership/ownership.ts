/**
 * Ownership: which source may assert which property of an entity type, and what is locked by it.
 *
 * Pure, and the only place that knows the rule; the engine's statements and the layout of replicas ask here.
 *
 * @module
 */
import type { EntityMapping, Source } from '../source/source.ts'

/** What a source's value of a property means to everybody else: design.md section 6. */
export type AttributePolicy = 'master_locked' | 'master_unlocked' | 'write_if_empty'

/** A property as one source asserts it. */
export interface Assertion {
  readonly property: string
  readonly policy: AttributePolicy
}

/** One source that owns resources of a type. */
export interface Owner {
  readonly source: Source
  readonly mapping: EntityMapping
  readonly assertions: readonly Assertion[]
}

export interface Ownership {
  readonly entityType: string
  /** In the order of the configuration. */
  readonly owners: readonly Owner[]
}

/**
 * How the replicas of a source lie in the database. `digest`: key, resource and a digest of what the source asserts, which
 * is enough while the resource itself shows the values. Every layout has its form in the repository's table of layouts.
 */
export type ReplicaLayout = 'digest'

/** Who owns resources of exactly this type. */
export function ownershipOf(sources: ReadonlyMap<string, Source>, entityType: string): Ownership {
  const owners = [...sources.values()].flatMap((source) =>
    source.entities
      .filter((mapping) => mapping.entityType === entityType)
      .map((mapping) => ({ source, mapping, assertions: assertionsOf(mapping) })),
  )
  return { entityType, owners }
}

/** The source that alone owns the type: whatever it does not mention is owned by nobody. */
export function soleOwner({ owners }: Ownership): Source | undefined {
  return owners.length === 1 ? owners[0]?.source : undefined
}

/** Says whether the source fills the type alone. */
export function ownsAlone(ownership: Ownership, source: Pick<Source, 'name'>): boolean {
  return soleOwner(ownership)?.name === source.name
}

/** Says whether the source has a word in the value of the property. */
export function mayAssert(ownership: Ownership, source: Pick<Source, 'name'>, property: string): boolean {
  return assertionOf(ownership, source, property) !== undefined
}

/** Says whether the source's value is the only one that counts: nobody else may write it, and what somebody wrote is repaired. */
export function isLocked(ownership: Ownership, source: Pick<Source, 'name'>, property: string): boolean {
  return assertionOf(ownership, source, property)?.policy === 'master_locked'
}

/** The layout of the replicas of every source that owns resources of the type. */
export function replicaLayoutOf(_ownership: Ownership): ReplicaLayout {
  return 'digest'
}

function assertionOf({ owners }: Ownership, source: Pick<Source, 'name'>, property: string) {
  const owner = owners.find((candidate) => candidate.source.name === source.name)
  return owner?.assertions.find((assertion) => assertion.property === property)
}

/** A mapped property is mastered by its source, and locked. */
function assertionsOf({ properties }: EntityMapping): readonly Assertion[] {
  return properties.map(({ property }) => ({ property, policy: 'master_locked' }))
}
