/**
 * Ownership: which source may assert which property of an entity type, and what is locked by it.
 *
 * Pure, and the only place that knows the rule; the engine's statements and the layout of replicas ask here.
 *
 * @module
 */
import type { Source } from '../source/source.ts'

/** What a source's value of a property means to everybody else: design.md section 6. */
export type AttributePolicy = 'master_locked' | 'master_unlocked' | 'write_if_empty'

/** A property as one source asserts it. */
export interface Assertion {
  readonly property: string
  readonly policy: AttributePolicy
}

/** What ownership asks of a source: a configured one says it, and so does what a repository remembers of one. */
export interface MappedSource {
  readonly name: string
  readonly entities: readonly {
    readonly entityType: string
    readonly properties: readonly { readonly property: string }[]
  }[]
}

/** One source that owns resources of a type. */
export interface Owner<S extends MappedSource = Source> {
  readonly source: S
  readonly assertions: readonly Assertion[]
}

export interface Ownership<S extends MappedSource = Source> {
  readonly entityType: string
  /** In the order of the configuration. */
  readonly owners: readonly Owner<S>[]
}

/**
 * How the replicas of a source lie in the database. `digest`: key, resource and a digest of what the source asserts, which
 * is enough while the resource itself shows the values. Every layout has its form in the repository's table of layouts.
 */
export type ReplicaLayout = 'digest'

/** Who owns resources of exactly this type. */
export function ownershipOf<S extends MappedSource = Source>(
  sources: ReadonlyMap<string, S>,
  entityType: string,
): Ownership<S> {
  const owners = [...sources.values()].flatMap((source) =>
    source.entities
      .filter((mapping) => mapping.entityType === entityType)
      .map((mapping) => ({ source, assertions: assertionsOf(mapping) })),
  )
  return { entityType, owners }
}

/** The source that alone owns the type: whatever it does not mention is owned by nobody. */
export function soleOwner<S extends MappedSource>({ owners }: Ownership<S>): S | undefined {
  return owners.length === 1 ? owners[0]?.source : undefined
}

/** Says whether the source fills the type alone. */
export function ownsAlone(ownership: Ownership<MappedSource>, source: Pick<MappedSource, 'name'>): boolean {
  return soleOwner(ownership)?.name === source.name
}

/** Says whether the source has a word in the value of the property. */
export function mayAssert(
  ownership: Ownership<MappedSource>,
  source: Pick<MappedSource, 'name'>,
  property: string,
): boolean {
  return assertionOf(ownership, source, property) !== undefined
}

/** Says whether the source's value is the only one that counts: nobody else may write it, and what somebody wrote is repaired. */
export function isLocked(
  ownership: Ownership<MappedSource>,
  source: Pick<MappedSource, 'name'>,
  property: string,
): boolean {
  return assertionOf(ownership, source, property)?.policy === 'master_locked'
}

/** The layout of the replicas of every source that owns resources of the type. */
export function replicaLayoutOf(_ownership: Ownership<MappedSource>): ReplicaLayout {
  return 'digest'
}

function assertionOf(
  { owners }: Ownership<MappedSource>,
  source: Pick<MappedSource, 'name'>,
  property: string,
) {
  const owner = owners.find((candidate) => candidate.source.name === source.name)
  return owner?.assertions.find((assertion) => assertion.property === property)
}

/** A mapped property is mastered by its source, and locked. */
function assertionsOf({ properties }: MappedSource['entities'][number]): readonly Assertion[] {
  return properties.map(({ property }) => ({ property, policy: 'master_locked' }))
}
