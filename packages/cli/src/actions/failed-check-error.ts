import { SluiceError } from '@sluice/model'
import type { SystemCheck } from '@sluice/project'

/**
 * SLUICE-JOB-15: an agent that was asked to check a connection has found that it does not work, or has not answered.
 *
 * The message is what the agent says, with its code.
 */
export class FailedCheckError extends SluiceError {
  readonly code = 'SLUICE-JOB-15'
  readonly blame = 'source'
  readonly retry = true

  constructor({ source, agent, answer }: SystemCheck) {
    const error = answer?.error ?? undefined
    const says = error === undefined ? 'it has not answered.' : `${error.message} (${error.code})`
    super(`The agent on ${agent.host} was asked to check the connection of "${source}": ${says}`, {
      remedy:
        error === undefined ? 'Look whether its agent runs, and ask again.' : (error.remedy ?? undefined),
      details: { source, agent: agent.agent, code: error?.code },
    })
  }
}
