/**
 * Which agent is meant by whoever wants something of a job or a source.
 *
 * @module
 */
import type { JobAgent, JobRecord } from '@sluice/model'
import { type Asked, JobUnknownHereError, SeveralAgentsError } from './job-errors.ts'

/** Of all agents that know it the one that is called so; of several, the only one that is there. */
export function agentMeant<Known extends Pick<JobRecord, 'agent'>>(
  all: readonly Known[],
  what: Asked,
  name: string | undefined,
): Known {
  const known = all.filter((one) => name === undefined || isCalled(one.agent, name))
  const fitting = known.filter((one) => one.agent.there)
  const [meant, other] = fitting.length === 0 ? known : fitting
  if (meant === undefined) throw new JobUnknownHereError(what, name)
  if (other !== undefined)
    throw new SeveralAgentsError(
      what,
      known.map((one) => one.agent),
    )
  return meant
}

/** By its host, its id, or the beginning of that. */
export function isCalled({ agent, host }: JobAgent, name: string): boolean {
  return host === name || (name.length >= 4 && agent.startsWith(name.toLowerCase()))
}
