/**
 * What every producer hands over the waist: a change set, what is to be weighed of it, and what its report says.
 *
 * @module
 */
import type { AssociationReport, Drift, EntityReport, Reverted, StageTiming } from '@sluice/model'
import type { RunContext } from '../context/run-context.ts'
import type { ChangeSet } from './change-set.ts'
import type { Limits } from './limits.ts'

interface Reports {
  readonly entities: readonly EntityReport[]
  readonly associations: readonly AssociationReport[]
}

/** What follows from a change set in what other sources delivered. */
export interface Elsewhere extends Reports {
  /**
   * By entity type: resources of which a reference is emptied or led somewhere else. One that is filled takes nothing from
   * anybody.
   */
  readonly losing: ReadonlyMap<string, number>
}

/** What was stored when the window of thresholds began. */
export interface Past {
  /** UTC. */
  readonly since: string
  /** By mapping. */
  readonly stored: ReadonlyMap<string, number>
}

/** `entities` and `associations`: what the producer itself changes. All of it is weighed against the limits. */
export interface Produced extends Reports {
  readonly changeSet: ChangeSet
  /** In types and associations that the producer says nothing of. */
  readonly elsewhere: Elsewhere
  readonly past: Past | undefined
  readonly limits: Limits
  readonly drift: Drift | null
  /** Of a run that takes another one back. */
  readonly reverted?: Reverted | undefined
  readonly stages: readonly StageTiming[]
  /** Things worth knowing that stopped nothing. */
  readonly notes: readonly string[]
}

/** Makes the change set of a run; `straight`: may load what is empty at once, without change tables. */
export type Producer = (run: RunContext, straight: boolean) => Promise<Produced>
