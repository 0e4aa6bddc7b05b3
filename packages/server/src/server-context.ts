/**
 * What every part of a server needs.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import type { Repository, TokenStore } from '@sluice/repository'
import type { Metrics } from './metrics.ts'
import type { Bell } from './work/bell.ts'

export interface ServerContext {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  readonly tokens: TokenStore
  readonly metrics: Metrics
  /** Rung when a queue may have work: something was sealed, approved, rejected, given up. */
  readonly work: Bell
  /** Rung when a run has decided a delivery. */
  readonly decided: Bell
  /** Aborted when the server takes nothing new any more. */
  readonly stopping: AbortSignal
}
