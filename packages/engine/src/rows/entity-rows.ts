/**
 * What comparing staged rows with the replicas of their source finds; the same of a complete as of commands, so that every later stage
 * is the same for both.
 *
 * @module
 */
import type { Table } from '@sluice/repository'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { StagedRows } from './staged-rows.ts'

/** One entity mapping of the run, staged. */
export interface StagedEntity {
  readonly shape: EntityShape
  readonly rows: StagedRows
  /** Resources stored of the mapping before the run. */
  readonly stored: number
  /** Rows that earlier runs rejected for their values; of commands. */
  readonly rejectedBefore: number
}

/** Staged rows that say something new. */
export interface Candidates {
  /** _row, the columns of the shape, _digest; _replica_resource_id, _replica_digest, _replica_place, _resource_id: all of the replica, or null. */
  readonly table: Table
  readonly count: number
  /** Candidates without a replica. */
  readonly unknown: number
}

export interface Disappeared {
  /** key, resource_id */
  readonly table: Table
  /** Absent, but kept: a row with their key could not be read. */
  readonly withheld: number
}

/** Resources that somebody else has changed, removed or added since Sluice wrote or compared them. */
export interface ExternalWrites {
  /** resource_id of those to compare value by value: a replica of the source stands for them, and they were written or are gone. */
  readonly attached: Table
  /** resource_id of those that no replica of any source stands for. */
  readonly unattached: Table
  /** _base_version, each once: the versions of the rows that were written, as they were found. */
  readonly versions: Table
  readonly attachedCount: number
  readonly unattachedCount: number
}

/** What is known of the rows of a mapping beyond what was staged. */
export interface ComparedRows {
  /** Rows rejected for their values since they were staged. */
  readonly rejected: number
  /** Rows that an earlier run rejected, and that no command names. */
  readonly stillRejected: number
  /** Commands that cannot be carried out. */
  readonly refused: number
  /** Absent resources that stay. */
  readonly withheld: number
  /** Commands without a key. */
  readonly nullKey: number
  /** Commands about an entity that has no link now. */
  readonly noLink: number
  /** Commands that a later one of the same key overrules. */
  readonly overruled: number
  /** Commands whose outcome is that something goes. */
  readonly deletes: number
}

export const noRows: ComparedRows = {
  rejected: 0,
  stillRejected: 0,
  refused: 0,
  withheld: 0,
  nullKey: 0,
  noLink: 0,
  overruled: 0,
  deletes: 0,
}

export interface Compared extends StagedEntity {
  readonly candidates: Candidates
  readonly disappeared: Disappeared | undefined
  /** `undefined`: nothing was written externally, or it was not looked for. */
  readonly external: ExternalWrites | undefined
  readonly found: ComparedRows
}

/** Compared rows, each with the resource it belongs to. */
export interface Attached extends Compared {
  /** The candidates with `_resource_id`; `undefined` where no row says anything new. */
  readonly attached: Table | undefined
}
