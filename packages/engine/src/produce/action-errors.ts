/**
 * Why nothing can be done with rows of a source.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** SLUICE-REPLICA-01: the source does not have these rows, or they have disappeared. */
export class NoSuchReplicaError extends AnsweredError {
  readonly code = 'SLUICE-REPLICA-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(
    { source, entityType }: { readonly source: string; readonly entityType: string },
    keys: readonly string[],
  ) {
    const named = keys.map((key) => `"${key}"`).join(', ')
    super(`${source} has no such row of ${entityType}: ${named || 'it has disappeared'}.`, {
      remedy: `sluice replicas ${source} ${entityType}`,
      details: { source, entityType, keys },
    })
  }
}

/** SLUICE-REPLICA-02: the source does not fill this type, or does not share it. */
export class NotSharedSourceError extends AnsweredError {
  readonly code = 'SLUICE-REPLICA-02'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(source: string, entityType: string) {
    super(`${source} shares no resources of ${entityType}.`, {
      remedy: 'Name a source whose mapping says how it finds its resources (reconciliation).',
      details: { source, entityType },
    })
  }
}
