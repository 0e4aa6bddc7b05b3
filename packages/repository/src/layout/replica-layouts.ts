/**
 * The form of replica tables: one entry for each layout that the model knows.
 *
 * What makes a table of replicas asks here and names no column of it.
 *
 * @module
 */
import type { EntityType, ReplicaLayout } from '@sluice/model'
import { type SQL, sql } from '../sql/statement.ts'
import { type DefinedColumn, roomForUpdates } from './layout.ts'

export interface ReplicaForm {
  /** What says that a row is the same as last time; without it the next complete run reads the row anew. */
  readonly digest: string
  /** All columns, in their order; some layouts keep the values of the type's properties. */
  readonly columns: (type: EntityType) => readonly DefinedColumn[]
  /** How the table is stored. */
  readonly storage: SQL
}

export const replicaForms: Readonly<Record<ReplicaLayout, ReplicaForm>> = {
  digest: {
    digest: 'digest',
    columns: () => [
      { name: 'key', sqlType: 'text collate "C"', constraint: sql`primary key` },
      { name: 'resource_id', sqlType: 'bigint', constraint: sql`not null` },
      { name: 'digest', sqlType: 'bigint' },
    ],
    storage: roomForUpdates,
  },
  values: {
    digest: 'digest',
    columns: () => [
      { name: 'key', sqlType: 'text collate "C"', constraint: sql`primary key` },
      // Of a replica that has found one.
      { name: 'resource_id', sqlType: 'bigint' },
      // Of delivered rows.
      { name: 'digest', sqlType: 'bigint' },
      ...statusColumns,
    ],
    storage: roomForUpdates,
  },
}

/** What the engine knows of a replica beside its key, its resource and its digest. */
export const statusColumns: readonly DefinedColumn[] = [
  // In the order in which they were first staged.
  { name: 'seq', sqlType: 'bigint', constraint: sql`generated always as identity` },
  { name: 'status', sqlType: 'text collate "C"', constraint: sql`not null default 'new'` },
  // The resource was created by it, so the source may delete it.
  { name: 'creator', sqlType: 'boolean', constraint: sql`not null default false` },
  // The runs that attached it, and that last applied a change of it.
  { name: 'attached_run', sqlType: 'bigint' },
  { name: 'changed_run', sqlType: 'bigint' },
  // When its row was last written; and, where a load has missed it since, when it had been seen.
  { name: 'last_seen', sqlType: 'timestamptz', constraint: sql`not null default clock_timestamp()` },
  { name: 'absent_since', sqlType: 'timestamptz' },
  // How often its row was written: a run applies what it has read, and no more.
  { name: 'revision', sqlType: 'bigint', constraint: sql`not null default 0` },
  // Properties of which it asserts nothing any more since a run has seen it.
  { name: 'let_go', sqlType: 'text[]', constraint: sql`not null default '{}'` },
  // Why it could not be applied: {code, text}; what was left out: a list of them.
  { name: 'error', sqlType: 'jsonb' },
  { name: 'warnings', sqlType: 'jsonb' },
  // By which rule it found its resource, on which values.
  { name: 'matched', sqlType: 'jsonb' },
]
