/**
 * A repository to look at, behind a server.
 *
 * @module
 */
import {
  type DeliveryRecord,
  decodeModel,
  type LeftOutQuery,
  type MatchedRow,
  type MatchRecord,
  type OrderRecord,
  type Orphan,
  type RejectedRow,
  type RejectionReason,
  type RootRecord,
  type RunReport,
  type ShownMatch,
  type StandingRejection,
  type StoredModel,
} from '@sluice/model'
import { type Client, isNothingThere, routes } from '@sluice/protocol'
import {
  type AnyOf,
  type Condition,
  type DeliveriesQuery,
  type Explanation,
  type FlappingQuery,
  type FlappingResource,
  type ImpactGraph,
  type ImpactQuery,
  type LinkQuery,
  type ListedLink,
  type ListedResource,
  type MatchesQuery,
  mostReached,
  type Neighbours,
  type NeighboursQuery,
  type OrdersQuery,
  type Quality,
  type QualityDay,
  type ReplicaRecord,
  type ReplicasQuery,
  type RepositoryReader,
  type ResourceQuery,
  type RootsQuery,
  type SharedTable,
  type TypeCount,
  type VersionedResource,
  writtenSort,
} from '@sluice/repository'

/** So many reports or deliveries at once is what a server gives. */
const mostAtOnce = 1000

export class RemoteRepository implements RepositoryReader {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  async model(): Promise<StoredModel> {
    return decodeModel(await this.#client.call(routes.model, { params: {} }))
  }

  resources(entityType: string, query: ResourceQuery = {}): AsyncIterable<ListedResource> {
    const { where = [], columns, limit, after, sort, cursor, includeSubtypes } = query
    return this.#client.lines(routes.resources, {
      params: { entityType },
      query: {
        ...conditionTexts(where),
        columns: columns?.join(','),
        limit,
        after,
        sort: sort?.map(writtenSort).join(','),
        cursor,
        subtypes: includeSubtypes === false ? 'false' : undefined,
      },
    })
  }

  async types(): Promise<readonly TypeCount[]> {
    return (await this.#client.call(routes.types, { params: {} })).types
  }

  quality(entityType: string): Promise<Quality> {
    return this.#client.call(routes.quality, { params: { entityType } })
  }

  async qualityHistory(entityType: string, days: number): Promise<readonly QualityDay[]> {
    return (await this.#client.call(routes.qualityHistory, { params: { entityType }, query: { days } })).days
  }

  async flapping(entityType: string, query: FlappingQuery): Promise<readonly FlappingResource[]> {
    return (await this.#client.call(routes.flapping, { params: { entityType }, query })).resources
  }

  async count(
    entityType: string,
    { where = [], includeSubtypes }: Pick<ResourceQuery, 'where' | 'includeSubtypes'> = {},
  ): Promise<number> {
    const subtypes = includeSubtypes === false ? ('false' as const) : undefined
    const query = { ...conditionTexts(where), subtypes }
    return (await this.#client.call(routes.count, { params: { entityType }, query })).count
  }

  resource(entityType: string, resourceId: string): Promise<VersionedResource | undefined> {
    return unlessMissing(this.#client.call(routes.resource, { params: { entityType, key: resourceId } }))
  }

  links(association: string, { where = [], limit, cursor }: LinkQuery = {}): AsyncIterable<ListedLink> {
    const query = { ...conditionTexts(where), limit, cursor }
    return this.#client.lines(routes.links, { params: { association }, query })
  }

  explain(entityType: string, key: string): Promise<Explanation | undefined> {
    return unlessMissing(this.#client.call(routes.explain, { params: { entityType, key } }))
  }

  neighbours(
    entityType: string,
    key: string,
    { along, ...query }: NeighboursQuery = {},
  ): Promise<Neighbours | undefined> {
    const asked = { ...bounded(query), along: along?.join(',') }
    return unlessMissing(this.#client.call(routes.neighbours, { params: { entityType, key }, query: asked }))
  }

  impact(entityType: string, key: string, query: ImpactQuery = {}): Promise<ImpactGraph | undefined> {
    return unlessMissing(
      this.#client.call(routes.impact, { params: { entityType, key }, query: bounded(query) }),
    )
  }

  async runs(
    query: { readonly source?: string | undefined; readonly limit?: number | undefined } = {},
  ): Promise<readonly RunReport[]> {
    return await inParts<RunReport>(query.limit, async (limit, last) => {
      const asked = { source: query.source, limit, before: last?.run ?? undefined }
      return (await this.#client.call(routes.runs, { params: {}, query: asked })).runs
    })
  }

  run(id: number, signal?: AbortSignal): Promise<RunReport | undefined> {
    return unlessMissing(this.#client.call(routes.run, { params: { run: id }, signal }))
  }

  async deliveries({ limit, ...of }: DeliveriesQuery = {}): Promise<readonly DeliveryRecord[]> {
    return await inParts<DeliveryRecord>(limit, async (size, last) => {
      const query = { ...of, limit: size, ...(last === undefined ? {} : { before: last.delivery }) }
      return (await this.#client.call(routes.deliveries, { params: {}, query })).deliveries
    })
  }

  delivery(id: string): Promise<DeliveryRecord | undefined> {
    return unlessMissing(this.#client.call(routes.describeDelivery, { params: { delivery: id } }))
  }

  rejectedRows(run: number): AsyncIterable<RejectedRow> {
    return this.#client.lines(routes.rejectedRows, { params: { run } })
  }

  orphans(query: LeftOutQuery = {}): AsyncIterable<Orphan> {
    return this.#client.lines(routes.orphans, { params: {}, query: ofSources(query) })
  }

  rejections(query: LeftOutQuery = {}): AsyncIterable<StandingRejection> {
    return this.#client.lines(routes.rejections, { params: {}, query: ofSources(query) })
  }

  rejectionReasons(query: LeftOutQuery = {}): AsyncIterable<RejectionReason> {
    return this.#client.lines(routes.rejectionReasons, { params: {}, query: ofSources(query) })
  }

  replicas(
    source: string,
    { entityType, status, ...query }: ReplicasQuery = {},
  ): AsyncIterable<ReplicaRecord> {
    return this.#client.lines(routes.replicas, {
      params: { source },
      query: { ...query, type: entityType, status: status === undefined ? undefined : [...status] },
    })
  }

  roots(source: string, query: RootsQuery = {}): AsyncIterable<RootRecord> {
    return this.#client.lines(routes.roots, { params: { source }, query })
  }

  async sharedTables(source: string): Promise<readonly SharedTable[]> {
    return (await this.#client.call(routes.sharedTables, { params: { source } })).tables
  }

  orders({ state, ...query }: OrdersQuery = {}): AsyncIterable<OrderRecord> {
    return this.#client.lines(routes.orders, {
      params: {},
      query: { ...query, state: state === undefined ? undefined : [...state] },
    })
  }

  matches({ state, ...query }: MatchesQuery = {}): AsyncIterable<MatchRecord> {
    return this.#client.lines(routes.matches, {
      params: {},
      query: { ...query, state: state === undefined ? undefined : [...state] },
    })
  }

  match(row: MatchedRow): Promise<ShownMatch | undefined> {
    return unlessMissing(this.#client.call(routes.match, { params: row }))
  }
}

/** Newest first, each answer behind the last of the one before. */
async function inParts<T>(
  limit: number | undefined,
  read: (limit: number | undefined, last: T | undefined) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (limit === undefined) return await read(undefined, undefined)
  const found: T[] = []
  for (let whole = false; !whole && found.length < limit; ) {
    const size = Math.min(limit - found.length, mostAtOnce)
    const next = await read(size, found.at(-1))
    found.push(...next)
    whole = next.length < size
  }
  return found
}

function ofSources({ sources, limit }: LeftOutQuery) {
  return { source: sources === undefined ? undefined : [...sources], limit }
}

/** As a repository that is here takes what is beyond its bounds. */
function bounded<Query extends ImpactQuery | NeighboursQuery>({ depth, limit, ...query }: Query) {
  return {
    ...query,
    depth: depth === undefined ? undefined : Math.min(depth, mostReached),
    limit: limit === undefined ? undefined : Math.min(limit, mostReached),
  }
}

/** Alternatives as JSON, because a value may hold whatever stands between them otherwise. */
function conditionTexts(conditions: readonly (Condition | AnyOf)[]) {
  const alternatives = conditions.flatMap((one) =>
    'anyOf' in one ? [JSON.stringify(one.anyOf.map(conditionText))] : [],
  )
  return {
    where: conditions.flatMap((one) => ('anyOf' in one ? [] : [conditionText(one)])),
    anyOf: alternatives.length === 0 ? undefined : alternatives,
  }
}

/** As `parseCondition` reads it. */
export function conditionText({ property, operator, value }: Condition): string {
  return value === undefined ? `${property} ${operator}` : `${property}${operator}${value}`
}

/** As against a type or an association that the server does not know. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNothingThere(error)) return undefined
    throw error
  }
}
