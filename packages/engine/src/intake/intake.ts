/**
 * Intake: where the rows of a run come from.
 *
 * A run is given staged rows, not files: an intake makes them, from prepared files, a replica table or a graph, and the
 * engine knows of none of these. It says of each mapping what was read before the rows were staged, so that the
 * report accounts for every row.
 *
 * @module
 */
import type { EntityReport } from '@sluice/model'
import type { Table } from '@sluice/repository'
import type { GraphChanges } from '../changes/change-set.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'

/** What the source has changed since the delivery that the repository stands for: commands, beside the whole rows. */
export interface ChangedSince {
  /** That delivery. */
  readonly base: string
  /** Whether it says so of the mapping. */
  has(mapping: string): boolean
  /** Stages what it says of the mapping. */
  stage(part: SourcePart, shape: EntityShape | LinkShape): Promise<Table>
}

/** What a graph comes to, besides the rows of the mappings. */
export interface FromGraph {
  readonly changes: GraphChanges
  /** Of what was delivered: nodes and relationships. */
  readonly reports: readonly EntityReport[]
  /** Nodes and relationships that could not be read, and stay as they are stored. */
  readonly withheld: number
  readonly notes: readonly string[]
}

export interface Intake {
  /** Of a source that is a graph: makes the rows that are staged then. */
  evaluate?(part: SourcePart): Promise<FromGraph>
  /**
   * Stages rows that could not be read: as rejected rows of the run, and as a table (mapping, field) of every field they
   * seem to hold. Such a row was in the source, so what it names has not disappeared. `undefined`: there are none.
   */
  stageUnreadable(part: SourcePart): Promise<Table | undefined>
  /** The columns of prepared files that its rows of an entity mapping have, where they lack some: of the others nothing is said. */
  columnsOf?(mapping: string): readonly string[] | undefined
  /** Stages the rows of a mapping; `undefined` where the intake has none of it. */
  stage(part: SourcePart, shape: EntityShape | LinkShape): Promise<StagedRows | undefined>
  /** Of whole rows that follow changes; absent where nothing tells. */
  readonly changedSince?: ChangedSince | undefined
  /** The delivery from whose rows the source's side knows of those that could not be read; absent where it does not. */
  readonly keptFrom?: string | undefined
  /** What the run has to note. */
  readonly notes: readonly string[]
}
