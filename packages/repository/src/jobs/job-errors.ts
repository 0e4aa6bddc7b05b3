/**
 * What stands in the way of a job being started, stopped or written down.
 *
 * @module
 */
import { AnsweredError, type JobAgent, type RunBy } from '@sluice/model'

const described = ({ host, folder }: JobAgent) => `${host} (${folder})`

/**
 * SLUICE-JOB-06: no agent knows a job of this name.
 *
 * An agent announces its jobs when it asks its server whether anything is to be started: `sluice jobs` lists them. One that has not done so
 * for three months is forgotten.
 */
export class JobUnknownHereError extends AnsweredError {
  readonly code = 'SLUICE-JOB-06'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(job: string, agent?: string) {
    super(`No agent ${agent === undefined ? '' : `called "${agent}" `}knows a job "${job}".`, {
      remedy: '`sluice jobs` lists the jobs of all agents; start one where it is configured: sluice agent',
      details: { job },
    })
  }
}

/**
 * SLUICE-JOB-07: no agent that knows the job has asked lately whether anything is to be started.
 *
 * A server cannot reach an agent: `sluice agent` asks it. Nothing is kept for later, so that no job begins at an hour at which nobody expects it.
 */
export class AgentAwayError extends AnsweredError {
  readonly code = 'SLUICE-JOB-07'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor(job: string, agent: JobAgent, askedAt: string | null) {
    const last = askedAt === null ? 'It has said that it ends, or never asked' : `It asked last at ${askedAt}`
    super(`The agent of "${job}", ${described(agent)}, is not there. ${last}.`, {
      remedy: 'Start `sluice agent` there, or run the job there by hand: sluice run JOB',
      details: { job, agent: agent.agent, askedAt },
    })
  }
}

/** SLUICE-JOB-08: several agents know a job of this name. Name the one that is meant by its machine or its id. */
export class SeveralAgentsError extends AnsweredError {
  readonly code = 'SLUICE-JOB-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(job: string, agents: readonly JobAgent[]) {
    super(`Several agents know a job "${job}": ${agents.map(described).join(', ')}.`, {
      remedy: `Name the machine of one, or its id: --agent ${agents[0]?.host ?? 'HOST'}`,
      details: { job, agents },
    })
  }
}

/**
 * SLUICE-JOB-09: the job is already running, as its agent reports.
 *
 * A job never overlaps with itself. Wait until it has ended, or stop it: `sluice jobs stop JOB`.
 */
export class JobAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-JOB-09'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor(job: string, startedAt: string, by: RunBy) {
    super(`The job "${job}" is already running since ${startedAt}, started by ${by.name}.`, {
      remedy: `Wait until it has ended, or stop it: sluice jobs stop ${job}`,
      details: { job, startedAt, by },
    })
  }
}

/** SLUICE-JOB-10: the job is not at work, and nobody has asked for it to be started: there is nothing to stop. */
export class JobNotAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-JOB-10'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(job: string) {
    super(`The job "${job}" is not at work.`, { remedy: `sluice jobs results ${job}`, details: { job } })
  }
}

/**
 * SLUICE-JOB-11: this agent came with another token until now, which is still in force.
 *
 * What an agent says of its jobs is believed of the token that it has said it with before. Revoke the other token, or let the agent go on
 * with it; two work folders that are copies of one another need an id each: remove `state/agent.json` of one of them.
 */
export class AgentOfAnotherTokenError extends AnsweredError {
  readonly code = 'SLUICE-JOB-11'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor(agent: JobAgent) {
    super(`The agent ${described(agent)} is known with another token.`, {
      remedy: 'Revoke the token it had, or give it that one again: sluice token list',
      details: { agent: agent.agent },
    })
  }
}
