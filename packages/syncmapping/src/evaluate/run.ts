/**
 * The evaluation of one root: what it is given, and what it has come to.
 *
 * @module
 */
import type { Place } from '@sluice/model'
import type { ClassModel } from '../class-model.ts'
import type { Span } from '../diagnostic.ts'
import type { FunctionContext, LogLevel } from '../functions/built-in.ts'
import type { Dataset, Graph } from '../graph.ts'
import type { Mapping, Program } from '../link/program.ts'
import { asRootFailure } from '../root-failed-error.ts'
import type { Ci, Value } from '../value/value.ts'
import type { Relationship, TargetGraph } from './target-graph.ts'

/** Which CMDB is written to, and what else a body can know. */
export interface Surroundings {
  readonly graph: Graph
  readonly dataset: Dataset
  readonly classes: ClassModel
  /** The data model in effect, 0 to 6. */
  readonly dataModel: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Minutes by which local time is ahead of UTC. */
  readonly minutesAhead?: number
  readonly option?: (name: string) => Value
  /** Where it is not given, mail is not sent, and the log says so. */
  readonly mail?: FunctionContext['mail']
  /** Where there is a faster one than one in JavaScript. */
  readonly md5?: FunctionContext['md5'] | undefined
  /** Called at each step of the evaluation. */
  readonly trace?: (step: TraceStep) => void
  /** Called with all that a body writes; what is written later counts. */
  readonly onWrite?: (write: Write) => void
}

/** What is written: a CI, an attribute of one (`none` takes it away), a relationship. */
export type Written =
  | { readonly type: 'ci'; readonly ci: Ci }
  | { readonly type: 'attribute'; readonly ci: Ci; readonly name: string; readonly value: Value }
  | { readonly type: 'relationship'; readonly relationship: Relationship }

/** The statement that wrote it, too. */
export type Write = Written & { readonly mapping: string; readonly place: Place }

export interface TraceStep {
  readonly mapping: string
  readonly place: Place
  readonly what: string
}

/** What was probably not meant, though it stops nothing. */
export interface EvaluationWarning {
  readonly code: 'NONE_IN_TEXT' | 'ATTRIBUTE_OVERWRITTEN'
  readonly message: string
  readonly place: Place
}

export interface Run {
  readonly program: Program
  readonly surroundings: Surroundings
  readonly target: TargetGraph
  readonly context: FunctionContext
  /** A destroyed root: its root bodies run, and no extension. */
  readonly isDeletion: boolean
  readonly log: [LogLevel, string][]
  readonly warnings: Map<string, EvaluationWarning>
  /** Constants of mappings and settings of configurations, once they have been asked for. */
  readonly constants: Map<object, ReadonlyMap<string, Value>>
  readonly writers: Map<Ci, Writers>
}

/** Who wrote the attributes of a CI: one mapping, with few exceptions. */
interface Writers {
  readonly first: Mapping
  /** By attribute: another one, where it was the last. Absent, as of most, where there is none. */
  others: Map<string, Mapping> | undefined
}

export function placeOf(mapping: Mapping, { line, column }: Span): Place {
  return { file: mapping.module.tree.file, line, column }
}

/** Calls `work`; what fails in it without knowing where has failed here. */
export function located<T>(mapping: Mapping, at: Span, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw failedAt(error, mapping, at)
  }
}

/** The error, with this place where it has none. */
export function failedAt(error: unknown, mapping: Mapping, at: Span): unknown {
  return asRootFailure(error)?.at(placeOf(mapping, at)) ?? error
}

/** Says a warning once for each place. */
export function warn(run: Run, warning: EvaluationWarning): void {
  const { file, line, column } = warning.place
  const name = `${warning.code} ${file}:${line}:${column}`
  if (!run.warnings.has(name)) run.warnings.set(name, warning)
}
