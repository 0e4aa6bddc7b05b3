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
}
