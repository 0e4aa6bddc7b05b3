/**
 * A repository: one schema of typed, linked resources, opened.
 *
 * What the engine writes through (`database`, `evolve`) and what the command line and programs read
 * through. Reading needs no configuration: the repository remembers its model.
 *
 * @module
 */
import type {
  Configuration,
  DeliveryRecord,
  LeftOutQuery,
  MatchedRow,
  MatchRecord,
  OrderRecord,
  OrderState,
  Orphan,
  RejectedRow,
  RejectionReason,
  RepositoryLocation,
  RootRecord,
  RunReport,
  ShownMatch,
  StandingRejection,
  StoredModel,
} from '@sluice/model'
import type { Database } from './database/database.ts'
import { openDatabase } from './database/open-database.ts'
import { loggedDatabase, type OnStatement } from './database/statement-log.ts'
import { type Evolution, type EvolveOptions, evolve } from './evolve/evolve.ts'
import { grantSource, revokeSource } from './evolve/grant-source.ts'
import type { ImpactGraph, ImpactQuery, Neighbours, NeighboursQuery } from './graph/graph-types.ts'
import { readImpact } from './graph/read-impact.ts'
import {
  countLinked,
  type LinkedCount,
  type LinkedQuery,
  type ListedLinked,
  readLinked,
} from './graph/read-linked.ts'
import { readNeighbours } from './graph/read-neighbours.ts'
import { type JobStore, openJobStore } from './jobs/job-store.ts'
import { migrate } from './migrations/migrate.ts'
import { RunPrunedError } from './prune/prune-errors.ts'
import { findPruned } from './prune/pruned-through.ts'
import { countResources, countTypes } from './read/count-resources.ts'
import { explain } from './read/explain.ts'
import { type QualityDay, readQualityHistory } from './read/quality-history.ts'
import { type ContentPlace, readContent } from './read/read-content.ts'
import { type DeliveriesQuery, readDeliveries, readDelivery } from './read/read-deliveries.ts'
import { type FlappingQuery, type FlappingResource, readFlapping } from './read/read-flapping.ts'
import { readHistory } from './read/read-history.ts'
import { type LastRun, readLastRuns } from './read/read-last-runs.ts'
import { readLinks } from './read/read-links.ts'
import {
  countMatches,
  countMatchesBy,
  type ListedMatch,
  type MatchesCount,
  type MatchesQuery,
  readMatch,
  readMatches,
} from './read/read-matches.ts'
import { readModel } from './read/read-model.ts'
import {
  countOrders,
  countOrdersBy,
  type ListedOrder,
  type OrdersCount,
  type OrdersQuery,
  readOrders,
} from './read/read-orders.ts'
import { readOrphans } from './read/read-orphans.ts'
import { readQuality } from './read/read-quality.ts'
import { readRejectionReasons, readStandingRejections } from './read/read-rejections.ts'
import {
  type ReplicaRecord,
  type ReplicasQuery,
  readReplicas,
  readSharedTables,
  type SharedTable,
} from './read/read-replicas.ts'
import { resourceReader } from './read/read-resource.ts'
import { readResources } from './read/read-resources.ts'
import { countFailedRoots, type RootsQuery, readRoots } from './read/read-roots.ts'
import {
  type ListedRejectedRow,
  type RejectedRowsQuery,
  type RunsQuery,
  readRejectedRows,
  readRun,
  readRuns,
} from './read/read-runs.ts'
import { readSourceStates, type SourceStates } from './read/read-source-states.ts'
import type {
  Explanation,
  FileContent,
  HistoryEntry,
  LinkQuery,
  ListedLink,
  ListedResource,
  Quality,
  ResourceQuery,
  TypeCount,
  VersionedResource,
} from './read/read-types.ts'
import { readSourceTrends, type SourceTrend, type SourceTrendsQuery } from './read/source-trends.ts'

/** A repository to look at: here, or behind a server. */
export interface RepositoryReader {
  /** Entity types, associations and sources as the tables follow them now. */
  model(): Promise<StoredModel>
  /** Resources in the order of their ids, or as the query says, read in pages: a repository of any size passes through. */
  resources(entityType: string, query?: ResourceQuery): AsyncIterable<ListedResource>
  /** How many resources there are of every entity type. */
  types(): Promise<readonly TypeCount[]>
  /** How well the resources of a type (and of those that extend it) are known; reads all of them. */
  quality(entityType: string): Promise<Quality>
  /** The same of days before, the oldest first. */
  qualityHistory(entityType: string, days: number): Promise<readonly QualityDay[]>
  /** Resources of a type of which a value goes back and forth, with who wrote it in turn. */
  flapping(entityType: string, query: FlappingQuery): Promise<readonly FlappingResource[]>
  /** How many resources of a type (and of those that extend it) fulfil the query's conditions. */
  count(entityType: string, query?: Pick<ResourceQuery, 'where' | 'includeSubtypes'>): Promise<number>
  /** One resource of a type (or of one that extends it) by its id; `undefined` when there is none. */
  resource(entityType: string, resourceId: string): Promise<VersionedResource | undefined>
  /** Links of an association, read in pages. */
  links(association: string, query?: LinkQuery): AsyncIterable<ListedLink>
  /**
   * The resource of a type (or of one that extends it) that a source calls `key`, or that is shown
   * by this name, or that has this id; `undefined` when there is none and never was.
   */
  explain(entityType: string, key: string): Promise<Explanation | undefined>
  /**
   * What the resource is linked to or refers to, and who to it, to the depth that is asked for; 1 when none is. Found as `explain` finds it;
   * `undefined` when there is none.
   */
  neighbours(entityType: string, key: string, query?: NeighboursQuery): Promise<Neighbours | undefined>
  /** Who is impacted when the resource fails, or whose failure impacts it; `undefined` when there is none. */
  impact(entityType: string, key: string, query?: ImpactQuery): Promise<ImpactGraph | undefined>
  /** Reports of runs, newest first; 50 when no limit is given. */
  runs(query?: RunsQuery): Promise<readonly RunReport[]>
  /** `undefined`: there never was one of this number. Throws `RunPrunedError` where it is no longer kept. */
  run(id: number): Promise<RunReport | undefined>
  /** Deliveries of all sources or of one, newest first; 50 when no limit is given. */
  deliveries(query?: DeliveriesQuery): Promise<readonly DeliveryRecord[]>
  /** `undefined` when it was never announced. */
  delivery(id: string): Promise<DeliveryRecord | undefined>
  /** The rows a run left out, read in pages. */
  rejectedRows(run: number): AsyncIterable<RejectedRow>
  /** Names that references and links of sources wait for, with how many do. */
  orphans(query?: LeftOutQuery): AsyncIterable<Orphan>
  /** The rows that are left out as the sources stand now, read in pages. */
  rejections(query?: LeftOutQuery): AsyncIterable<StandingRejection>
  /** The same by mapping, column and reason. */
  rejectionReasons(query?: LeftOutQuery): AsyncIterable<RejectionReason>
  /** Of a source that shares its resources: its replicas in the order of their keys, read in pages. */
  replicas(source: string, query?: ReplicasQuery): AsyncIterable<ReplicaRecord>
  /** The tables that clients of such a source fill, or that its deliveries do. */
  sharedTables(source: string): Promise<readonly SharedTable[]>
  /** What was ordered of sources, in the order in which it was stated, read in pages. */
  orders(query?: OrdersQuery): AsyncIterable<OrderRecord>
  /** Rows that several resources match, in the order in which they came to be doubtful, read in pages. */
  matches(query?: MatchesQuery): AsyncIterable<MatchRecord>
  /** One of them with the resources side by side; `undefined`: it never waited. */
  match(row: MatchedRow): Promise<ShownMatch | undefined>
  /** Of a source that is a graph: roots that give something or failed, in the order of their names, read in pages. */
  roots(source: string, query?: RootsQuery): AsyncIterable<RootRecord>
}

export interface Repository extends RepositoryReader, AsyncDisposable {
  readonly database: Database
  /** Jobs and the results of their executions. */
  readonly jobs: JobStore
  /** Lets the tables follow the configuration; throws `ModelLossError` where that would lose data. */
  evolve(configuration: Configuration, options?: EvolveOptions): Promise<Evolution>
  /** How far it is with every source that it knows. */
  sourceStates(): Promise<SourceStates>
  /** The file that a resource has in a property; `undefined`: it has none, or there is no such resource. */
  content(of: ContentPlace): Promise<FileContent | undefined>
  /** How many rows came and were rejected, and how old what was known of a source became, over its last applied runs. */
  sourceTrends(query: SourceTrendsQuery): Promise<readonly SourceTrend[]>
  /** The last run of each of these sources that ever ran. */
  lastRuns(sources: readonly string[]): Promise<ReadonlyMap<string, LastRun>>
  /** What happened to one resource, newest first; the insert is among it. */
  history(resourceId: string): Promise<readonly HistoryEntry[]>
  /** What a resource is linked to, by association and reference at each end: how many; `undefined` when there is none. */
  linkedCounts(entityType: string, key: string): Promise<readonly LinkedCount[] | undefined>
  /** One of these lists, read in pages. */
  linked(
    entityType: string,
    key: string,
    query: LinkedQuery,
  ): Promise<AsyncIterable<ListedLinked> | undefined>
  rejectedRows(run: number, query?: RejectedRowsQuery): AsyncIterable<ListedRejectedRow>
  orders(query?: OrdersQuery): AsyncIterable<ListedOrder>
  matches(query?: MatchesQuery): AsyncIterable<ListedMatch>
  /** How many things that were ordered fulfil the conditions, by source and state. */
  countOrdersBy(query?: Omit<OrdersQuery, 'limit' | 'cursor'>): Promise<readonly OrdersCount[]>
  /** The same of rows that several resources match. */
  countMatchesBy(query?: Omit<MatchesQuery, 'limit' | 'cursor'>): Promise<readonly MatchesCount[]>
  /** How many things stand that were ordered, by source and state. */
  countOrders(): Promise<
    readonly { readonly source: string; readonly state: OrderState; readonly count: number }[]
  >
  /** How many rows wait for a decision, by source. */
  countMatches(): Promise<readonly { readonly source: string; readonly count: number }[]>
  /** How many roots failed, by source. */
  countFailedRoots(): Promise<readonly { readonly source: string; readonly count: number }[]>
  /** Lets a role of the database fill the tables of a source, and do nothing else; the tables. */
  grantSource(source: string, role: string): Promise<readonly SharedTable[]>
  /** Takes that from it. */
  revokeSource(source: string, role: string): Promise<readonly SharedTable[]>
}

/**
 * Opens the repository at a location, makes it where there is none, and brings its own tables up
 * to date. A folder belongs to one process at a time.
 *
 * @example
 * ```ts
 * await using repository = await openRepository({ kind: 'folder', path: './repository' })
 * for await (const { values } of repository.resources('Person', { limit: 10 })) console.log(values)
 * ```
 */
export async function openRepository(
  location: RepositoryLocation,
  options: { readonly onStatement?: OnStatement | undefined } = {},
): Promise<Repository> {
  const opened = await openDatabase(location)
  const { onStatement } = options
  const database = onStatement === undefined ? opened : loggedDatabase(opened, onStatement)
  try {
    return await repositoryOn(database)
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

/** The repository in a database that is open already; disposing it closes the database. */
export async function repositoryOn(database: Database): Promise<Repository> {
  await migrate(database)
  return repositoryIn(database)
}

/** The same repository through connections of its own: see `Database.apart`. */
export function repositoryApart({ database }: Pick<Repository, 'database'>, connections: number): Repository {
  return repositoryIn(database.apart(connections))
}

async function readKeptRun(database: Database, id: number): Promise<RunReport | undefined> {
  const report = await readRun(database, id)
  if (report !== undefined) return report
  const prunedBy = await findPruned(database, id)
  if (prunedBy !== undefined) throw new RunPrunedError(id, prunedBy)
  return undefined
}

function repositoryIn(database: Database): Repository {
  return {
    database,
    jobs: openJobStore(database),
    model: () => database.session(readModel),
    evolve: (configuration, options = {}) => evolve(database, configuration, options),
    resources: (entityType, query = {}) => readResources(database, entityType, query),
    types: () => countTypes(database),
    quality: (entityType) => readQuality(database, entityType),
    qualityHistory: (entityType, days) => readQualityHistory(database, entityType, days),
    flapping: (entityType, query) => readFlapping(database, entityType, query),
    count: (entityType, query = {}) => countResources(database, entityType, query),
    resource: resourceReader(database),
    content: (of) => readContent(database, of),
    links: (association, query = {}) => readLinks(database, association, query),
    explain: (entityType, key) => explain(database, entityType, key),
    neighbours: (entityType, key, query = {}) => readNeighbours(database, entityType, key, query),
    linkedCounts: (entityType, key) => countLinked(database, entityType, key),
    linked: (entityType, key, query) => readLinked(database, entityType, key, query),
    impact: (entityType, key, query = {}) => readImpact(database, entityType, key, query),
    runs: (query = {}) => readRuns(database, query),
    run: (id) => readKeptRun(database, id),
    deliveries: (query = {}) => readDeliveries(database, query),
    delivery: (id) => readDelivery(database, id),
    rejectedRows: (run, query = {}) => readRejectedRows(database, run, query),
    orphans: (query = {}) => readOrphans(database, query),
    rejections: (query = {}) => readStandingRejections(database, query),
    rejectionReasons: (query = {}) => readRejectionReasons(database, query),
    replicas: (source, query = {}) => readReplicas(database, source, query),
    sharedTables: (source) => readSharedTables(database, source),
    orders: (query = {}) => readOrders(database, query),
    countOrders: () => countOrders(database),
    countOrdersBy: (query = {}) => countOrdersBy(database, query),
    matches: (query = {}) => readMatches(database, query),
    match: (row) => readMatch(database, row),
    countMatches: () => countMatches(database),
    countMatchesBy: (query = {}) => countMatchesBy(database, query),
    roots: (source, query = {}) => readRoots(database, source, query),
    countFailedRoots: () => countFailedRoots(database),
    sourceStates: () => readSourceStates(database),
    sourceTrends: (query) => readSourceTrends(database, query),
    lastRuns: (sources) => readLastRuns(database, sources),
    history: (resourceId) => readHistory(database, resourceId),
    grantSource: (source, role) => grantSource(database, source, role),
    revokeSource: (source, role) => revokeSource(database, source, role),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
