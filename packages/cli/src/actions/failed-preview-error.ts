import { SluiceError } from '@sluice/model'
import type { PreviewAnswer } from '@sluice/project'

/**
 * SLUICE-JOB-19: rows of a source cannot be shown, or the agent that was asked to show them has not answered.
 *
 * The message is what stands in the way, with its code.
 */
export class FailedPreviewError extends SluiceError {
  readonly code = 'SLUICE-JOB-19'
  readonly blame = 'source'
  readonly retry = true

  /** @param host Machine of the agent; `undefined`: they were looked at here. */
  constructor(source: string, host: string | undefined, error: PreviewAnswer['error'] | undefined) {
    const says = error == null ? 'it has not answered.' : `${error.message} (${error.code})`
    const whom = host === undefined ? 'Rows' : `The agent on ${host} was asked to show rows`
    super(`${whom} of "${source}"${host === undefined ? ' cannot be shown' : ''}: ${says}`, {
      remedy: error == null ? 'Look whether its agent runs, and ask again.' : (error.remedy ?? undefined),
      details: { source, code: error?.code },
    })
  }
}
