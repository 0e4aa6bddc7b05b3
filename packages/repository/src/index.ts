export {
  type AccountStore,
  type KnownElsewhere,
  openAccountStore,
} from './accounts/account-store.ts'
export { type OpenIdSignIn, type OpenIdSignIns, openOpenIdSignIns } from './accounts/open-id-sign-ins.ts'
export {
  type FoundSession,
  openSessionStore,
  type SessionStore,
  type SignedIn,
} from './accounts/session-store.ts'
export { type AuditLog, openAuditLog } from './audit/audit-log.ts'
export type { Copied, Database, QueryResult, Row, Session } from './database/database.ts'
export {
  ConnectionError,
  ConnectionLostError,
  DatabaseEncodingError,
  FolderError,
  FolderInUseError,
  PoolerError,
  RepositoryTooNewError,
  ServerTooOldError,
  StandbyError,
} from './database/errors.ts'
export { isReadOnly } from './database/is-read-only.ts'
export { lockOfRuns } from './database/lock-tables.ts'
export { loadEmbedded, openDatabase } from './database/open-database.ts'
export { NotAFileError, openFile } from './database/open-file.ts'
export { preparing } from './database/preparing.ts'
export { RecordTooLongError } from './database/record-gauge.ts'
export { exists, one, run } from './database/run-statement.ts'
export {
  AlteredRepositoryError,
  BeyondLimitError,
  DatabaseBusyError,
  DatabaseFaultError,
  OutOfResourcesError,
  PermissionError,
  ReadOnlyDatabaseError,
  RefusedByDatabaseError,
  StatementError,
  statementFailureOf,
} from './database/statement-errors.ts'
export { describeStatement, type LoggedStatement, type OnStatement } from './database/statement-log.ts'
export { throughSessions } from './database/through-sessions.ts'
export {
  DefinedInFileError,
  DefinitionLossError,
  DefinitionsBusyError,
  FateNotSaidError,
  InvalidDefinitionError,
  ModulesChangedError,
  NoSuchSourceError,
  SourceNameTakenError,
  SourceSuspendedError,
  SuspensionOverError,
} from './definitions/definition-errors.ts'
export {
  forgetDefinition,
  type KeptDefinition,
  noteChange,
  putDefinition,
  readChanges,
  readDefinitions,
  readRevision,
  type StoredDefinitions,
  storeDefinition,
} from './definitions/definition-store.ts'
export {
  isSuspended,
  type NewSuspension,
  readSuspensions,
  requireNotSuspended,
  resumeSource,
  suspendSource,
} from './definitions/suspensions.ts'
export { versionOfModules } from './definitions/version-of-modules.ts'
export type { Evolution, EvolveOptions } from './evolve/evolve.ts'
export { evolveWithin, lockModel, modelLock, modelOf, renamesOf } from './evolve/evolve.ts'
export {
  ForeignObjectError,
  ModelInUseError,
  ModelLossError,
  ModelMovedError,
  ModelNamesError,
} from './evolve/evolve-errors.ts'
export { UnknownRoleError } from './evolve/grant-source.ts'
export { lastModelChange, type ModelWatch, watchModel } from './evolve/model-watch.ts'
export { removeSourceWithin } from './evolve/remove-source.ts'
export type { Renames } from './evolve/rename-sources.ts'
export {
  type GraphDirection,
  type GraphLink,
  type GraphResource,
  graphDirections,
  type ImpactedResource,
  type ImpactGraph,
  type ImpactLink,
  type ImpactQuery,
  mostReached,
  type Neighbours,
  type NeighboursQuery,
} from './graph/graph-types.ts'
export { type OnJobFailed, readSilent, takeFailed } from './jobs/failed-executions.ts'
export { JobNotAtWorkError } from './jobs/job-errors.ts'
export type { Fetched } from './jobs/job-store.ts'
export type { NewestExecutions } from './jobs/read-executions.ts'
export { assertedColumns, assertedTable, partColumns } from './layout/asserted-table.ts'
export { composed, composedOfRow, nameBy } from './layout/composed.ts'
export { type Display, displayOf } from './layout/display.ts'
export { isNotSeenSince } from './layout/last-seen.ts'
export {
  type Column,
  type ColumnType,
  columnOf,
  columnsOf,
  entityTable,
  family,
  isA,
  linkColumns,
  linkTable,
  replicaTable,
  shortened,
  sourceLock,
  typeOf,
} from './layout/layout.ts'
export { lookedUpAs } from './layout/looked-up.ts'
export { isFindable, normalizedKey, worthKey } from './layout/normalized.ts'
export { lookUpDefinitions } from './look-up-definitions.ts'
export type { PruneOptions } from './prune/prune.ts'
export { PruningElsewhereError, RunPrunedError } from './prune/prune-errors.ts'
export { findPruned, prunedThrough } from './prune/pruned-through.ts'
export { prune } from './prune-and-keep.ts'
export { parseSort, writtenSort } from './read/page-order.ts'
export { parseAlternatives, parseCondition } from './read/parse-condition.ts'
export { displayIn } from './read/property-reader.ts'
export type { QualityDay } from './read/quality-history.ts'
export type { DeliveriesQuery } from './read/read-deliveries.ts'
export { ConditionError, CursorError, NoStatusesError, UnknownNameError } from './read/read-errors.ts'
export type { FlappingQuery, FlappingResource } from './read/read-flapping.ts'
export { type MatchesQuery, matchesOf } from './read/read-matches.ts'
export { type OrdersQuery, ordersNamed } from './read/read-orders.ts'
export type { ReplicaFault, ReplicaRecord, ReplicasQuery, SharedTable } from './read/read-replicas.ts'
export { type RootsQuery, readRoot } from './read/read-roots.ts'
export { readHoldings } from './read/read-sources.ts'
export {
  type AnyOf,
  type Condition,
  type ExplainedClaim,
  type ExplainedLinks,
  type ExplainedOrphanLink,
  type ExplainedReplica,
  type ExplainedValue,
  type Explanation,
  type HistoryEntry,
  type LinkQuery,
  type LinkRecord,
  type ListedLink,
  type ListedResource,
  type MergedResource,
  type Operator,
  operators,
  type Quality,
  type ResourceQuery,
  type ResourceRecord,
  type SortedBy,
  type StoredFile,
  type TypeCount,
  type Values,
  type VersionedResource,
} from './read/read-types.ts'
export { recordedValues } from './read/recorded-values.ts'
export { versionOfResource } from './read/resource-version.ts'
export { openRehearsal } from './rehearse.ts'
export {
  openRepository,
  type Repository,
  type RepositoryReader,
  repositoryApart,
} from './repository.ts'
export { allOf, anyOf, columnOfRow, commas, more, unionAll } from './sql/fragments.ts'
export { identifier, literal } from './sql/quote.ts'
export {
  compiled,
  copyTarget,
  type SQL,
  type Statement,
  sql,
  statement,
  Table,
} from './sql/statement.ts'
export { TokenExistsError, TokenRefusedError, UnknownTokenError } from './tokens/token-errors.ts'
export { openTokenStore, type TokenStore } from './tokens/token-store.ts'
