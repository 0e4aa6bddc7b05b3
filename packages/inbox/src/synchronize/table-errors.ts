/**
 * Why an open table is not run.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-RUN-04: only administrators and the owner of a source may run it.
 *
 * At a server, operators count as administrators; the owner is the token with that name. Loaded rows are kept, and the next run applies them.
 */
export class NotOwnerError extends AnsweredError {
  readonly code = 'SLUICE-RUN-04'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor(source: string, runner: string, owner: string | undefined) {
    super(
      `${runner} may not run source ${source}, which ${owner === undefined ? 'has no owner' : `belongs to ${owner}`}.`,
      {
        remedy: `Let an administrator${owner === undefined ? '' : ` or ${owner}`} run it, or name an \`owner\` at the source.`,
        details: { source, runner, owner: owner ?? null, reason: 'not_allowed' },
      },
    )
  }
}

/** SLUICE-RUN-05: a source whose status is `obsolete` is not run any more. Its replicas and resources stay as they are. */
export class SourceObsoleteError extends AnsweredError {
  readonly code = 'SLUICE-RUN-05'
  readonly blame = 'configuration'
  readonly status = 409
  readonly retry = false

  constructor(source: string) {
    super(`Source ${source} has the status obsolete, so it does not run.`, {
      remedy: 'Write `status: production` at the source to run it again.',
      details: { source, reason: 'source_obsolete' },
    })
  }
}
