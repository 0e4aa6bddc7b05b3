/**
 * Whose each value of a resource is, since when.
 *
 * @module
 */
import {
  canName,
  type EntityType,
  mayAssert,
  type Property,
  type StoredModel,
  spellingOf,
} from '@sluice/model'
import type { Session } from '../database/database.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import type { ExplainedClaims } from './explain-claims.ts'
import { type ExplainedOrphan, explainOrphans } from './explain-orphans.ts'
import type {
  ExplainedClaim,
  ExplainedValue,
  Explanation,
  HistoryEntry,
  ResourceRecord,
} from './read-types.ts'

/** What values are explained from. */
interface Explained extends Pick<Explanation, 'history' | 'replicas'> {
  readonly record: ResourceRecord
  readonly shared: ExplainedClaims | undefined
  readonly pruned: PrunedHistory | undefined
}

/** What there is no history of any more. */
export interface PrunedHistory {
  /** Of this run and those before it. */
  readonly through: number
  /** The resource is as it was created. */
  readonly unchanged: boolean
}

export async function explainValues(
  session: Session,
  model: StoredModel,
  type: EntityType,
  { record, history, replicas, shared, pruned }: Explained,
): Promise<readonly ExplainedValue[]> {
  const orphans = await explainOrphans(session, model, type, record.resourceId)
  const own = history.filter(({ resourceId }) => resourceId === record.resourceId)
  return type.properties.map((property) => {
    const { name, history: precision } = property
    const since = sinceWhen(property, own, pruned)
    const entry = since === 'pruned' ? undefined : since
    const whose =
      shared === undefined
        ? ownedWhole(model, type, name, replicas)
        : sharedBy(shared, property, { value: record.values[name] ?? null, writer: entry?.source ?? null })
    return {
      property: name,
      value: record.values[name] ?? null,
      referenceId: record.references[name] ?? null,
      ...orphanOf(orphans.find(({ property }) => property === name)),
      ...whose,
      ...(precision === undefined ? {} : { history: precision }),
      ...(since === 'pruned' ? { pruned: true as const } : {}),
      ...writtenBy(entry),
    }
  })
}

/** What gave it its value: a change, or the creation of the resource; `undefined`: nobody knows. */
function sinceWhen(
  { name, history: precision }: Property,
  own: readonly HistoryEntry[],
  pruned: PrunedHistory | undefined,
): HistoryEntry | 'pruned' | undefined {
  if (precision === 'none') return undefined
  const changed = own.find(
    ({ operation, after }) => operation === 'update' && after !== null && name in after,
  )
  if (changed !== undefined) return changed
  return pruned === undefined || pruned.unchanged ? own.at(-1) : 'pruned'
}

function writtenBy(entry: HistoryEntry | undefined): Pick<ExplainedValue, 'run' | 'at' | 'by'> {
  if (entry === undefined) return { run: 0, at: null, by: null }
  return { run: entry.run, at: entry.at, by: entry.source === null ? entry.by : null }
}

function orphanOf(
  found: ExplainedOrphan | undefined,
): Pick<ExplainedValue, 'orphan' | 'candidates' | 'padded'> {
  if (found === undefined) return { orphan: null }
  const { value, candidates, padded } = found
  return {
    orphan: value,
    ...(candidates.length === 0 ? {} : { candidates }),
    ...(padded.length === 0 ? {} : { padded }),
  }
}

type Whose = Pick<ExplainedValue, 'source' | 'lockedBy' | 'claims'>

function ownedWhole(
  model: StoredModel,
  type: EntityType,
  property: string,
  replicas: Explanation['replicas'],
): Whose {
  const sole = soleSourceOf(model, type, property)
  const source = replicas.some((replica) => replica.source === sole) ? sole : null
  return { source, lockedBy: source, claims: [] }
}

/** `writer`: the source whose run wrote the value. A delete policy writes one that no row asserts. */
function sharedBy(
  { claims, locks, replicas }: ExplainedClaims,
  property: Property,
  { value, writer }: { readonly value: unknown; readonly writer: string | null },
): Whose {
  const stated = claims.get(property.name) ?? []
  const winner = stated.find(({ standing }) => standing === 'wins')
  // Whoever wrote it may have forgotten the resource since.
  const known = replicas.some(({ source }) => source === writer) ? writer : undefined
  const source = isSaidBy(winner, property, value) ? winner?.source : (known ?? winner?.source)
  return { source: source ?? null, lockedBy: locks.get(property.name) ?? null, claims: stated }
}

/** References, files and secrets are not compared: what is shown of them is not what a source calls them. */
function isSaidBy(winner: ExplainedClaim | undefined, property: Property, value: unknown): boolean {
  if (winner === undefined || !canName(property)) return true
  const text = winner.says ?? ''
  return (spellingOf(property, {})?.of(text) ?? text) === String(value ?? '')
}

function soleSourceOf(model: StoredModel, type: EntityType, property: string): string | null {
  const ownership = storedOwnership(model, type.name)
  const [only, ...others] = ownership.owners.filter(({ source }) => mayAssert(ownership, source, property))
  return only && others.length === 0 ? only.source.name : null
}
