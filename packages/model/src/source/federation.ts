/**
 * Federation: how a source that shares its resources with others, and with people, finds them, which of its values win, and what
 * becomes of them when it drops them. What iTop's data sources say, for each entity mapping.
 *
 * @module
 */

import type { RuleKey } from './key-normalizers.ts'

/** What a source's value of a property means to everybody else: design.md section 6. */
export const attributePolicies = ['master_locked', 'master_unlocked', 'write_if_empty'] as const
export type AttributePolicy = (typeof attributePolicies)[number]

/** How a replica that is attached to nothing finds its resource: design.md section 6. */
export const reconciliationPolicies = ['key', 'attributes', 'resource_id'] as const
type ReconciliationPolicy = (typeof reconciliationPolicies)[number]

export const zeroActions = ['create', 'error'] as const
export const oneActions = ['update', 'error'] as const
export const multipleActions = ['take_first', 'create', 'error', 'queue'] as const
export const rekeyActions = ['create', 'update'] as const

export interface Reconciliation {
  readonly policy: ReconciliationPolicy
  /** Of `attributes`, in the order in which they are tried: properties whose values, as their normalizers leave them, must all be equal. */
  readonly rules: readonly (readonly RuleKey[])[]
  readonly onZero: (typeof zeroActions)[number]
  readonly onOne: (typeof oneActions)[number]
  readonly onMultiple: (typeof multipleActions)[number]
  /** Of a new row that finds the resource of a row that has just disappeared: what was called otherwise before. */
  readonly onRekey: (typeof rekeyActions)[number]
}

export const deleteActions = ['ignore', 'delete', 'update', 'update_then_delete'] as const
type DeleteAction = (typeof deleteActions)[number]

export interface DeletePolicy {
  readonly action: DeleteAction
  /** Of the `update` actions: property → text of its value, empty to reset it. */
  readonly update: ReadonlyMap<string, string>
  /** Milliseconds between the update and the deletion. */
  readonly retention: number
}

export interface Federation {
  readonly reconciliation: Reconciliation
  readonly deletePolicy: DeletePolicy
  /** Milliseconds that a row may be missing or untouched; 0: none that it is missing, for ever that it is untouched. */
  readonly fullLoadInterval: number
}

/** Where one key is one resource, nothing is searched, and what is missing goes: what a delivered mapping does that says nothing. */
export const keyOnly: Federation = {
  reconciliation: {
    policy: 'key',
    rules: [],
    onZero: 'create',
    onOne: 'update',
    onMultiple: 'error',
    onRekey: 'create',
  },
  deletePolicy: { action: 'delete', update: new Map(), retention: 0 },
  fullLoadInterval: 0,
}

export const sourceStatuses = ['implementation', 'production', 'obsolete'] as const
/** An `obsolete` source is not run any more; the others are run alike. */
export type SourceStatus = (typeof sourceStatuses)[number]

/** The column of an open table that tells rows apart; no property may be called so. */
export const primaryKeyColumn = 'primary_key'
