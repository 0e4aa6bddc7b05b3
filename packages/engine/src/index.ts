export { sweepKept } from './changes/sweep-kept.ts'
export { type KnownSources, type SourcePart, sourcesByName } from './context/run-context.ts'
export {
  type EditOptions,
  type Engine,
  type EngineOptions,
  type EvaluationOf,
  openEngine,
  type PlannedEdit,
  type PlannedRevert,
  type RetryOptions,
} from './engine.ts'
export type {
  Evaluated,
  Evaluation,
  FailedRoot,
  Reach,
  Subgraphs,
  TraversalStep,
  Way,
} from './graph/evaluation.ts'
export { type EvaluatedGraph, evaluateGraph } from './graph/graph-intake.ts'
export { NoGraphError, UnknownRootError } from './graph/root-errors.ts'
export { readSourceId } from './graph/source-id.ts'
export { createGraphStaging, type GraphPart, type StagedGraph } from './graph/staged-graph.ts'
export { readStoredKinds, type StoredKinds } from './graph/stored-kinds.ts'
export {
  readOwners,
  readResultsOfRoot,
  readStoredResults,
  type StoredCi,
  type StoredOwners,
  type StoredResult,
} from './graph/stored-results.ts'
export { readStoredSubgraph, type StoredSubgraph } from './graph/stored-subgraph.ts'
export type { ChangedSince, FromGraph, Intake } from './intake/intake.ts'
export { createStaging } from './intake/staging.ts'
export { stageUnreadableRows, type UnreadableRow } from './intake/unreadable-rows.ts'
export type { Deciding } from './matches/decide-matches.ts'
export { NoSuchMatchError } from './matches/match-errors.ts'
export { findChangedMappings } from './produce/changed-mappings.ts'
export { type ActionProducer, produceActions, type WantedAction } from './produce/produce-actions.ts'
export { produceAgeing } from './produce/produce-ageing.ts'
export { produceFromReplicas } from './produce/produce-from-replicas.ts'
export { produceFromSource } from './produce/produce-from-source.ts'
export { produceRemoval } from './produce/produce-removal.ts'
export type { Aged } from './replicas/count-aged.ts'
export type { RowCounts, StagedRows } from './rows/staged-rows.ts'
export type { Approved, Decision } from './runs/decide-held-run.ts'
export { byForce } from './runs/decide-held-run.ts'
export { keepFate, type Removal, readRemoval } from './runs/edit-run.ts'
export type { Edited } from './runs/edited.ts'
export type { Sessions } from './runs/engine-context.ts'
export type { RunRequest } from './runs/execute-run.ts'
export { overtakeHeldRun, RunNotHeldError } from './runs/held-run.ts'
export type { PlanRequest, PlanResult } from './runs/plan-run.ts'
export { type ClosedRun, nobodyListens, type OnRunClosed } from './runs/run-closed.ts'
export { nothingToSettle, type RunOrigin, RunPreempted, type Settlement } from './runs/run-origin.ts'
export { findLeftAtWork, markInterrupted, recordRefusal } from './runs/run-record.ts'
export type { TestRowsRequest } from './runs/test-rows.ts'
export type { EntityShape } from './sql/entity-shape.ts'
export type { LinkShape } from './sql/link-shape.ts'
export { replicasOf, resourcesOf } from './sql/tables.ts'
