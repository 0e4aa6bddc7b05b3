/**
 * Ownership: which source may assert which property of an entity type, and what is locked by it.
 *
 * Pure, and the only place that knows the rule; the engine's statements and the layout of replicas ask here.
 *
 * @module
 */
import type { AttributePolicy } from '../source/federation.ts'
import { fills } from '../source/scope.ts'
import type { Source } from '../source/source.ts'

/** A property as one source asserts it. */
export interface Assertion {
  readonly property: string
  readonly policy: AttributePolicy
  /** Higher comes first. */
  readonly precedence: number
}

/** What ownership asks of a source: a configured one says it, and so does what a repository remembers of one. */
export interface MappedSource {
  readonly name: string
  readonly precedence?: number | undefined
  readonly entities: readonly MappedEntity[]
}

interface MappedEntity {
  readonly entityType: string
  /** Concrete types of which its rows may have resources; its own when absent. */
  readonly scope?: readonly string[] | undefined
  readonly properties: readonly {
    readonly property: string
    readonly policy?: AttributePolicy | undefined
    readonly precedence?: number | undefined
    readonly update?: false | undefined
  }[]
  /** Says that the type's resources are shared. */
  readonly federation?: unknown
}

/** One source that owns resources of a type. */
export interface Owner<S extends MappedSource = Source> {
  readonly source: S
  /** That of its mapping, by which its replicas are called: the type itself, or one that it extends. */
  readonly entityType: string
  readonly assertions: readonly Assertion[]
}

export interface Ownership<S extends MappedSource = Source> {
  readonly entityType: string
  /** In the order of the configuration. */
  readonly owners: readonly Owner<S>[]
  /** Several sources, or people, may have a word in one resource. */
  readonly shared: boolean
}

/**
 * How the replicas of a type lie in the database. `digest`: key, resource and a digest of what the source asserts, which
 * is enough while the resource itself shows the values. `values`: beside that its status, and what it asserts in a table of its own. Every
 * layout has its form in the repository's table of layouts.
 */
export type ReplicaLayout = 'digest' | 'values'

/** Who owns resources of exactly this type. */
export function ownershipOf<S extends MappedSource = Source>(
  sources: ReadonlyMap<string, S>,
  entityType: string,
): Ownership<S> {
  const mapped = [...sources.values()].flatMap((source) =>
    source.entities.filter((mapping) => fills(mapping, entityType)).map((mapping) => ({ source, mapping })),
  )
  return {
    entityType,
    owners: mapped.map(({ source, mapping }) => ({
      source,
      entityType: mapping.entityType,
      assertions: assertionsOf(source, mapping),
    })),
    shared: mapped.some(({ mapping }) => mapping.federation !== undefined),
  }
}

/** The source that alone owns the type: whatever it does not mention is owned by nobody. */
export function soleOwner<S extends MappedSource>({ owners, shared }: Ownership<S>): S | undefined {
  return owners.length === 1 && !shared ? owners[0]?.source : undefined
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
export function replicaLayoutOf({ shared }: Pick<Ownership<MappedSource>, 'shared'>): ReplicaLayout {
  return shared ? 'values' : 'digest'
}

function assertionOf(
  { owners }: Ownership<MappedSource>,
  source: Pick<MappedSource, 'name'>,
  property: string,
) {
  const owner = owners.find((candidate) => candidate.source.name === source.name)
  return owner?.assertions.find((assertion) => assertion.property === property)
}

/** A mapped property is mastered by its source, and locked, where nothing else is said. */
function assertionsOf(source: MappedSource, { properties }: MappedEntity): readonly Assertion[] {
  return properties
    .filter(({ update }) => update !== false)
    .map(({ property, policy, precedence }) => ({
      property,
      policy: policy ?? 'master_locked',
      precedence: precedence ?? source.precedence ?? 0,
    }))
}
