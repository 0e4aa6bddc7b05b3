export {
  ApprovalUnknownError,
  ChangedOutboxError,
  type DecidedExport,
  DeliveredLaterError,
  DeliveryPutAsideError,
  DeliverySuspendedError,
  NothingPreparedError,
  type OutboxOutcome,
  type Outgoing,
  ResultUnknownError,
  SourceBusyError,
  SourceHeldError,
} from '@sluice/agent'
export {
  type Checked,
  type Connector,
  type ConnectorContext,
  type ConnectorDefinition,
  type ConnectorQuestion,
  type ConnectorStatement,
  type Discovered,
  type DiscoveredColumn,
  type DiscoveredTable,
  defineConnector,
  type ExportContext,
  type ListedConnector,
  listConnectors,
  ManagedSystemError,
  type TableWriter,
  type WantedFile,
} from '@sluice/connectors'
export { onLockWait } from '@sluice/files'
export type { DecidedMatches, DuplicatesOptions } from '@sluice/inbox'
export { type LoadDialect, type LoadNote, type LoadResult, NoSuchMatchError } from '@sluice/inbox'
export {
  type Account,
  type AccountChange,
  type AccountRole,
  type Association,
  type AssociationReport,
  type AssociationRows,
  type AuditRecord,
  type Blame,
  type Change,
  type ChangeCounts,
  type Configuration,
  type ConfigurationObject,
  type Distinct,
  type Duplicates,
  type Edit,
  type EditedResource,
  type EntityChange,
  type EntityModel,
  type EntityReport,
  type EntityRows,
  type EntityType,
  type Environment,
  type Exceeded,
  type ExecutedSource,
  type ExecutedStep,
  type ExecutionHead,
  type ExecutionRecord,
  type Finding,
  InvalidConfigurationError,
  type JobAgent,
  type JobRecord,
  type JobState,
  type LinkChange,
  type ListedDuplicates,
  type MatchedRow,
  type MatchRecord,
  type Mode,
  type NewDecision,
  type NewLinkOrder,
  type NewOrder,
  type NewRowOrder,
  type OnProgress,
  type OrderRecord,
  type OutcomeState,
  type Permission,
  type Place,
  type Preview,
  type PreviewAnswer,
  type Progress,
  type Property,
  passwordSchema,
  type RejectedRow,
  type RepositoryLocation,
  type RowToTest,
  type RunReport,
  type RunState,
  type SecretReference,
  type ShownMatch,
  SluiceError,
  type Source,
  type StageTiming,
  type StartRecord,
  type SystemCheck,
  secretSchema,
  type TestedRow,
  type Token,
} from '@sluice/model'
export type { TriedRow } from '@sluice/prepare'
export { type Prepared, UnfitPreparedFileError } from '@sluice/prepare'
export type { DeliveryStatus } from '@sluice/protocol'
export {
  type AnyOf,
  type Condition,
  type DeliveriesQuery,
  describeStatement,
  type ExplainedClaim,
  type ExplainedLinks,
  type ExplainedOrphanLink,
  type ExplainedReplica,
  type ExplainedValue,
  type Explanation,
  type GraphDirection,
  type GraphLink,
  type GraphResource,
  type HistoryEntry,
  type ImpactedResource,
  type ImpactGraph,
  type ImpactLink,
  type ImpactQuery,
  type LinkQuery,
  type LinkRecord,
  type LoggedStatement,
  type MatchesQuery,
  type MergedResource,
  mostReached,
  type Neighbours,
  type NeighboursQuery,
  type OnStatement,
  type OrdersQuery,
  openAccountStore,
  openRepository,
  openTokenStore,
  parseAlternatives,
  parseCondition,
  parseSort,
  type Quality,
  type ReplicaRecord,
  type ReplicasQuery,
  type Repository,
  type RepositoryReader,
  type ResourceQuery,
  type ResourceRecord,
  type SharedTable,
  type StoredFile,
  type TypeCount,
} from '@sluice/repository'
export type {
  Jobs,
  ListedJobs,
  PreviewSourceOptions,
  ResultsQuery,
  StartSourceOptions,
  StoppedJob,
  WhichAgent,
} from './executions/jobs.ts'
export { type OpenJobsOptions, openJobs } from './executions/open-jobs.ts'
export { checkProject } from './folder/check-project.ts'
export { initProject } from './folder/init-project.ts'
export { type ProjectPlace, requireConfiguration, requireModel } from './folder/load-configuration.ts'
export { OrderFileError, readOrderFile } from './folder/read-order-file.ts'
export { RowFileError, readRowFile } from './folder/read-row-file.ts'
export { writeNewConnector } from './folder/write-new-connector.ts'
export { type WrittenSource, writeNewSource } from './folder/write-new-source.ts'
export type { AgentWatcher } from './jobs/agent-watcher.ts'
export type { JobStart } from './jobs/execution-notes.ts'
export {
  JobRunningError,
  NothingScheduledError,
  UnknownJobError,
  UnknownStepError,
} from './jobs/job-errors.ts'
export type {
  JobEvent,
  JobReport,
  SourceOutcome,
  StepOutcome,
} from './jobs/job-report.ts'
export { checkJob, nextStart, openForJob, runJob } from './jobs/project-jobs.ts'
export type { NextTry } from './jobs/retrying.ts'
export { type AgentOptions, runAgent, runAgentOnce } from './jobs/run-agent.ts'
export type { RunJobOptions } from './jobs/run-job.ts'
export type { StepSelection } from './jobs/select-steps.ts'
export { StopAskedError } from './jobs/stop-asked-error.ts'
export {
  type AddSourceOptions,
  askedOptions,
  type NewSource,
  type SuggestedSource,
  suggestNewSource,
} from './open/add-source.ts'
export { type AskSystemOptions, checkSource, discoverSource, suggestSource } from './open/ask-system.ts'
export { type CheckDeepOptions, checkProjectDeep } from './open/check-deep.ts'
export type { DriftFound, DriftOptions } from './open/drift.ts'
export type { OpenAccessOptions } from './open/open-access.ts'
export { type Accounts, openAccounts } from './open/open-accounts.ts'
export {
  type CheckedNotifications,
  type OpenNotificationsOptions,
  openProjectNotifications,
  type ProjectNotifications,
} from './open/open-notifications.ts'
export {
  type OpenLocalProjectOptions,
  type OpenProjectOptions,
  openLocalProject,
  openPlanner,
  openProject,
  openReader,
  type Planner,
} from './open/open-project.ts'
export { openServedProject, type ServedProject } from './open/open-served-project.ts'
export { type OpenSourcesOptions, openSources } from './open/open-sources.ts'
export { openTokens, type Tokens } from './open/open-tokens.ts'
export type {
  AgeOptions,
  ApplyPlanOptions,
  Approval,
  CallOptions,
  DecidingOptions,
  Edited,
  EditingOptions,
  LoadOptions,
  LoadOutcome,
  LoadPlan,
  LoadRequest,
  OrderOptions,
  PlannedEdit,
  PlannedRevert,
  PlanOptions,
  RetryOptions,
  RevertOptions,
  SourceOptions,
  SourcePlan,
  SyncOptions,
  TestRowsOptions,
} from './open/options.ts'
export { PlanFileError, readPlanFile, writePlanFile } from './open/plan-file.ts'
export type { LocalProject, Project } from './open/project.ts'
export {
  DriftUnknownError,
  IncrementalRefusedError,
  PlanOutdatedError,
  ServerChecksError,
  UnknownSourceError,
} from './open/project-errors.ts'
export { reloadServer } from './open/reload-server.ts'
export { type SavedPlan, savedPlanSchema } from './open/saved-plan.ts'
export type {
  Announced,
  AnnounceOptions,
  DeliverOptions,
  PreparedStage,
  Stages,
  SynchronizeOptions,
} from './open/stages.ts'
export { type TryMappingsOptions, tryMappings } from './open/try-mappings.ts'
export { NoSuchMappingError, NothingToTryError } from './open/try-mappings-errors.ts'
export type {
  AssociationName,
  EntityTypeName,
  LinkPropertiesOf,
  ModelTypes,
  Typed,
  TypedProject,
  TypedQuery,
  TypedReader,
  ValuesOf,
} from './open/typed-project.ts'
export { type PreviewOptions, previewRows } from './preview/preview-rows.ts'
export type { ApplyOptions, DeletedSource, DeleteOptions, Plan, Sources } from './sources/sources.ts'
export { type AgentSide, agentSides, type NextStart } from './status/agent-side.ts'
export { type LeftBesideKind, type RowLeftBeside, readLeftBeside } from './status/read-left-beside.ts'
export {
  type FailedJob,
  type ProjectStatus,
  type ReadStatusOptions,
  readStatus,
  type SourceStatus,
} from './status/read-status.ts'
export { typescriptOfModel } from './types/typescript-of-model.ts'
