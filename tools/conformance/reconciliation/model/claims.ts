/**
 * Whose value stands: section 6, and design 6 (the highest precedence of those that assert anything).
 *
 * @module
 */
import { type Attribute, type Reading, readValue } from './read-value.ts'
import { isEmpty, type Replica, type Resource, type Source, type State, type Value } from './state.ts'

export interface Claim {
  readonly source: Source
  readonly replica: Replica
  readonly attribute: Attribute
}

/** What happens to the replicas of the source that runs. */
export interface Moment {
  /** Its row is applied. */
  readonly now?: Replica | undefined
  /** They go, or are marked. */
  readonly going?: ReadonlySet<Replica> | undefined
  readonly marked?: ReadonlySet<Replica> | undefined
}

export function attributesOf({ definition }: Source): readonly (readonly [string, Attribute])[] {
  return Object.entries(definition.attributes).map(([name, attribute]) => [name, attribute ?? {}])
}

export function isLock({ attribute }: Claim): boolean {
  return (attribute.policy ?? 'master_locked') === 'master_locked'
}

function isFiller({ attribute }: Claim): boolean {
  return attribute.policy === 'write_if_empty'
}

/** Of the replicas that are attached to the resource, first the one that comes first. An obsolete one may have given its place up. */
export function claimsOn(state: State, { id, type }: Resource, property: string): readonly Claim[] {
  const claims = [...state.sources.values()].flatMap((source) => {
    const [, attribute] = attributesOf(source).find(([name]) => name === property) ?? []
    if (source.definition.entityType !== type || attribute === undefined || attribute.update === false)
      return []
    return source.replicas
      .filter(
        ({ resource, status }) => resource === id && (status !== 'obsolete' || state.obsoleteReplicasLock),
      )
      .map((replica): Claim => ({ source, replica, attribute }))
  })
  return claims.toSorted((one, other) => before(claims, one, other))
}

/** Precedence; a lock before none; of locks the source that was there first; and what changed last. */
function before(claims: readonly Claim[], one: Claim, other: Claim): number {
  const precedence = ({ source }: Claim) => source.definition.precedence ?? 0
  const first = ({ source }: Claim) =>
    Math.min(...claims.filter((claim) => claim.source === source).map(({ replica }) => replica.attached))
  return (
    precedence(other) - precedence(one) ||
    Number(isLock(other)) - Number(isLock(one)) ||
    (isLock(one) ? first(one) - first(other) : 0) ||
    other.replica.changed - one.replica.changed
  )
}

/** The source that keeps people, and others, from changing the property. */
export function lockOf(state: State, resource: Resource, property: string): Source | undefined {
  return claimsOn(state, resource, property).find(isLock)?.source
}

export function readingOf(
  state: State,
  resource: Resource,
  { replica, attribute }: Claim,
  name: string,
): Reading {
  return readValue({ state, type: resource.type, name, attribute }, replica)
}

/** What the property is after this moment. */
export function decided(state: State, resource: Resource, name: string, moment: Moment): Value {
  const { now, going, marked } = moment
  const current = resource.values[name] ?? null
  const claims = claimsOn(state, resource, name)
  const masters = claims.filter((claim) => !isFiller(claim))
  const isApplied = ({ replica }: Claim) =>
    replica === now || (replica.status === 'synchronized' && marked?.has(replica) !== true)
  const lets = ({ replica }: Claim) =>
    going?.has(replica) === true || (replica === now && replica.letGo.includes(name))
  const asserts = (claim: Claim) => readingOf(state, resource, claim, name).kind !== 'silent'
  const first = masters.find(
    (claim) => going?.has(claim.replica) !== true && (!isApplied(claim) || asserts(claim)),
  )
  const mastered = (): Value => {
    if (first === undefined || !isApplied(first)) return current
    const passed = masters.slice(0, masters.indexOf(first)).some(lets)
    if (!isLock(first) && first.replica !== now && !passed) return current
    const reading = readingOf(state, resource, first, name)
    // What another source's row does not name any more stays as it is.
    if (reading.kind !== 'value' || (reading.warning !== undefined && first.replica !== now)) return current
    return reading.value
  }
  const value = mastered()
  if (!isEmpty(value)) return value
  const filler = claims.find((claim) => isFiller(claim) && claim.replica === now)
  const locked = claims.find((claim) => isLock(claim) && claim === first)
  if (filler === undefined || (locked !== undefined && claims.indexOf(locked) < claims.indexOf(filler)))
    return value
  const reading = readingOf(state, resource, filler, name)
  return reading.kind === 'value' ? reading.value : value
}
