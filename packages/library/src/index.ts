export type { Prepared } from '@sluice/agent'
export {
  type Association,
  type AssociationReport,
  type AssociationRows,
  type Blame,
  type Change,
  type ChangeCounts,
  type Configuration,
  type EntityChange,
  type EntityModel,
  type EntityReport,
  type EntityRows,
  type EntityType,
  type Environment,
  type Exceeded,
  type Finding,
  InvalidConfigurationError,
  type LinkChange,
  type Mode,
  type OnProgress,
  type Place,
  type Progress,
  type Property,
  type RejectedRow,
  type RepositoryLocation,
  type RunReport,
  type RunState,
  SluiceError,
  type Source,
  type StageTiming,
} from '@sluice/model'
export type { DeliveryStatus } from '@sluice/protocol'
export {
  type Condition,
  type ExplainedLinks,
  type ExplainedValue,
  type Explanation,
  type HistoryEntry,
  type LinkQuery,
  type LinkRecord,
  openRepository,
  parseCondition,
  type Repository,
  type ResourceQuery,
  type ResourceRecord,
} from '@sluice/repository'
export { type OpenProjectOptions, openProject } from './open-project.ts'
export { checkProject } from './project/check-project.ts'
export { initProject } from './project/init-project.ts'
export { requireConfiguration } from './project/load-configuration.ts'
export type {
  Announced,
  AnnounceOptions,
  Approval,
  Plan,
  PlanOptions,
  Project,
  SourceOptions,
  SynchronizeOptions,
  SyncOptions,
  WorkOptions,
} from './project.ts'
export { IncrementalRefusedError, SourceHeldError, UnknownSourceError } from './project-errors.ts'
