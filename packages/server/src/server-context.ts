/**
 * What every part of a server needs.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import type { Repository, TokenStore } from '@sluice/repository'
import type { Metrics } from './metrics.ts'
import type { Notifier } from './worker/notifier.ts'

export interface ServerContext {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  readonly tokens: TokenStore
  readonly metrics: Metrics
  /** When a queue may have become ready: something was sealed, approved, rejected, given up. */
  readonly queueChanged: Notifier
  /** When a run has decided a delivery. */
  readonly runDecided: Notifier
  /** Aborted when the server takes nothing new any more. */
  readonly stopping: AbortSignal
}
