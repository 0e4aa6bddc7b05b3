/**
 * Staged rows: what an intake leaves of a mapping.
 *
 * @module
 */
import type { Table } from '@sluice/repository'
import type { End } from '../sql/link-shape.ts'
import type { RowPlace } from './row-places.ts'

/** What was counted of a mapping before its rows were staged: read = rejected + filtered + nullKey + duplicate + noLink + unchanged + rows. */
export interface RowCounts {
  /** Rows that are staged. */
  readonly rows: number
  readonly read: number
  readonly rejected: number
  readonly nullKey: number
  readonly duplicate: number
  readonly noLink: number
  /** Left out by the filter of the mapping. */
  readonly filtered?: number | undefined
  readonly unchanged: number
}

/** Rows of one mapping in a table: `_row` (from 1, in order), `_command` where they are commands, and the columns of the shape. */
export interface StagedRows {
  readonly table: Table
  /** Each row is a command (insert, update, delete, merge) about its key; else together they are the whole mapping. */
  readonly commands: boolean
  /** Of links: the commands are about the entity at this end, and its links become what its rows say. */
  readonly follows?: End | undefined
  /** Where the rows stand in the source's files; absent where it is known of none. */
  readonly places?: readonly RowPlace[] | undefined
  readonly counts: RowCounts
}
