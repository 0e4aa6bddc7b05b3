/**
 * What every part of a server needs.
 *
 * @module
 */
import type { Synchronizer } from '@sluice/inbox'
import type { Configuration } from '@sluice/model'
import type { Notifications } from '@sluice/notify'
import type { ModelWatch, Repository, TokenStore } from '@sluice/repository'
import type { Metrics } from './metrics.ts'
import type { Notifier } from './worker/notifier.ts'

export interface ServerContext {
  readonly configuration: Configuration
  readonly repository: Repository
  readonly synchronizer: Synchronizer
  /** Whether the tables still follow the model of the configuration. */
  readonly modelWatch: ModelWatch
  /** Reads the configuration again and works with it from now on. */
  readonly reload: () => Promise<Reloaded>
  readonly tokens: TokenStore
  readonly notifications: Notifications
  readonly metrics: Metrics
  /** When a queue may have become ready: something was sealed, approved, rejected, given up. */
  readonly queueChanged: Notifier
  /** When a run has decided a delivery. */
  readonly runDecided: Notifier
  /** When there may be something to send. */
  readonly notificationsDue: Notifier
  /** Aborted when the server takes nothing new any more. */
  readonly stopping: AbortSignal
}

/** What came of reading the configuration again. */
export interface Reloaded {
  readonly sources: readonly string[]
  /** What was changed in the tables, a line each. */
  readonly changes: readonly string[]
}
