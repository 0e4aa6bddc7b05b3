/**
 * The mapping language (TPL): from texts of modules to the configuration items of a root.
 *
 * @module
 */
export {
  type CaseDocument,
  type ClassModelDocument,
  caseDocument,
  classModelDocument,
  type GraphDocument,
  graphDocument,
  type KindModelDocument,
  kindModelDocument,
  type ResultDocument,
} from './case/documents.ts'
export { loadClassModel } from './case/load-class-model.ts'
export { type LoadedGraph, loadGraph, nodeOf } from './case/load-graph.ts'
export { kindModelOf, loadKindModel } from './case/load-kind-model.ts'
export { type CaseOutcome, runCase } from './case/run-case.ts'
export { UnknownNodeError } from './case/unknown-node-error.ts'
export { writeClassModel } from './case/write-class-model.ts'
export { writeResult } from './case/write-result.ts'
export type { CiClass, ClassModel, RelationshipClass } from './class-model.ts'
export { classModelOf } from './class-model-of.ts'
export { commonClassModel } from './common-classes.ts'
export { type Compiled, compile, hasErrors, type ModuleText } from './compile.ts'
export type { Diagnostic, DiagnosticCode, Severity, Span } from './diagnostic.ts'
export { drawMappings } from './draw/draw-mappings.ts'
export { evaluateRoot, type RootResult } from './evaluate/evaluate-root.ts'
export type { EvaluationWarning, Surroundings, TraceStep, Write } from './evaluate/run.ts'
export type { Relationship } from './evaluate/target-graph.ts'
export { type Formatted, formatModule } from './format/format-module.ts'
export type { Dataset, Graph, Step } from './graph.ts'
export type { KindModel, NodeKind } from './kind-model.ts'
export type { Mapping, Program } from './link/program.ts'
export { type Edge, MemoryGraph } from './memory-graph.ts'
export { type OverrideDifference, overrideDifferences } from './override-differences.ts'
export { type Outcome, outcomeOf } from './plan/outcome.ts'
export { type Reach, type ReachStep, reachOf } from './plan/reach.ts'
export { type Problem, RootFailedError } from './root-failed-error.ts'
export type { Rules } from './rules.ts'
export { LanguageServer, type RenameAnswer } from './server/language-server.ts'
export {
  type Attributes,
  Ci,
  type CiIdentity,
  GraphNode,
  GraphRelationship,
  nothing,
  Table,
  Time,
  type Value,
} from './value/value.ts'
export { textOf } from './value/value-text.ts'
