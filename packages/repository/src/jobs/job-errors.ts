/**
 * What stands in the way of a job being started, stopped or written down.
 *
 * @module
 */
import { AnsweredError, type ExecutionHead, type JobAgent, type StartRecord } from '@sluice/model'

/** What somebody wants to be started or stopped. */
export interface Asked {
  readonly kind: 'job' | 'source'
  readonly name: string
}

const described = ({ host, folder }: JobAgent) => `${host} (${folder})`

/**
 * SLUICE-JOB-06: no agent knows a job or a source of this name.
 *
 * An agent announces its jobs and the sources that it delivers when it asks its server whether anything is to be started: `sluice jobs` lists
 * the jobs. One that has not done so for three months is forgotten.
 */
export class JobUnknownHereError extends AnsweredError {
  readonly code = 'SLUICE-JOB-06'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor({ kind, name }: Asked, agent?: string) {
    const called = agent === undefined ? '' : `called "${agent}" `
    const sentence = { job: `knows a job "${name}".`, source: `delivers the source "${name}".` }
    const remedy = {
      job: '`sluice jobs` lists the jobs of all agents; start one where it is configured: sluice agent',
      source: 'Start `sluice agent` where the source is exported; its token has to be one for this source.',
    }
    super(`No agent ${called}${sentence[kind]}`, { remedy: remedy[kind], details: { [kind]: name } })
  }
}

/**
 * SLUICE-JOB-07: no agent that knows the job or the source has asked lately whether anything is to be started.
 *
 * A server cannot reach an agent: `sluice agent` asks it. Nothing is kept for later, so that no job begins at an hour at which nobody expects it.
 */
export class AgentAwayError extends AnsweredError {
  readonly code = 'SLUICE-JOB-07'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor({ kind, name }: Asked, agent: JobAgent, askedAt: string | null, instead?: string) {
    const last = askedAt === null ? 'It has said that it ends, or never asked' : `It asked last at ${askedAt}`
    const byHand = {
      job: `run the job there by hand: sluice run ${name}`,
      source: `synchronize it there by hand: sluice sync ${name}`,
    }
    super(`The agent of "${name}", ${described(agent)}, is not there. ${last}.`, {
      remedy: `Start \`sluice agent\` there, or ${instead ?? byHand[kind]}`,
      details: { [kind]: name, agent: agent.agent, askedAt },
    })
  }
}

/** SLUICE-JOB-08: several agents know a job or deliver a source of this name. Name the one that is meant by its machine or its id. */
export class SeveralAgentsError extends AnsweredError {
  readonly code = 'SLUICE-JOB-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor({ kind, name }: Asked, agents: readonly JobAgent[]) {
    super(
      `Several agents ${kind === 'job' ? 'know a job' : 'deliver the source'} "${name}": ${agents.map(described).join(', ')}.`,
      {
        remedy: `Name the machine of one, or its id: --agent ${agents[0]?.host ?? 'HOST'}`,
        details: { [kind]: name, agents },
      },
    )
  }
}

/**
 * SLUICE-JOB-09: the job, or the synchronization of the source that somebody asked for, is already running, as its agent reports.
 *
 * It never overlaps with itself. Wait until it has ended, or stop it: `sluice jobs stop JOB`.
 */
export class JobAtWorkError extends AnsweredError {
  readonly code = 'SLUICE-JOB-09'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  /** @param job As executions name it. */
  constructor(
    { kind, name }: Asked,
    job: string,
    { startedAt, by }: Pick<ExecutionHead, 'startedAt' | 'by'>,
  ) {
    super(`The ${kind} "${name}" is already running since ${startedAt}, started by ${by.name}.`, {
      remedy: `Wait until it has ended, or stop it: sluice jobs stop ${job}`,
      details: { [kind]: name, startedAt, by },
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

/**
 * SLUICE-JOB-13: the agent that delivers the source checks no connection when it is asked for from afar.
 *
 * Its source has no connector that could be asked, its configuration says `agent.remoteChecks: false`, or it is a version that does not know this.
 */
export class NoChecksError extends AnsweredError {
  readonly code = 'SLUICE-JOB-13'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, agent: JobAgent, connector: string | null) {
    const why =
      connector === null
        ? 'it has no connector for it: a program writes the files, or they lie in a folder'
        : 'its configuration says agent.remoteChecks: false'
    super(`The agent of "${source}", ${described(agent)}, does not check a connection: ${why}.`, {
      remedy:
        connector === null
          ? `Look there whether the files are as they should be: sluice check --deep`
          : `Check it there: sluice source check ${source}`,
      details: { source, agent: agent.agent },
    })
  }
}

/**
 * SLUICE-JOB-16: the agent that delivers the source shows no rows of it when it is asked for from afar.
 *
 * Rows leave its machine that nobody has approved, so its own configuration has to permit that: `agent.remotePreviews: true`. Until then, and for sources
 * that are graphs, rows are looked at there.
 */
export class NoPreviewsError extends AnsweredError {
  readonly code = 'SLUICE-JOB-16'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, agent: JobAgent) {
    super(`The agent of "${source}", ${described(agent)}, does not permit a preview of rows.`, {
      remedy: `Write remotePreviews: true below agent: in its sluice.yaml, and start it again; or look at them there: sluice mapping try ${source}`,
      details: { source, agent: agent.agent },
    })
  }
}

/** SLUICE-JOB-17: so many previews wait for the agent that no other one is taken. It works on one at a time; ask again in a moment. */
export class TooManyPreviewsError extends AnsweredError {
  readonly code = 'SLUICE-JOB-17'
  readonly blame = 'usage'
  readonly status = 429
  readonly retry = true

  constructor(agent: JobAgent) {
    super(`Several previews wait for the agent ${described(agent)} already.`, {
      remedy: 'Ask again in a moment.',
      details: { agent: agent.agent },
    })
  }
}

/** SLUICE-JOB-20: the agent that delivers the source is of a version that applies what it is asked to synchronize, and holds nothing. */
export class HoldUnknownError extends AnsweredError {
  readonly code = 'SLUICE-JOB-20'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(what: Asked, agent: JobAgent) {
    super(`The agent of "${what.name}", ${described(agent)}, is of a version that cannot hold its run.`, {
      remedy: `Update it; or call it there: sluice sync ${what.name} --hold`,
      details: { agent: agent.agent },
    })
  }
}

/** SLUICE-JOB-21: somebody has asked for the source already, and not for its run to be held. It is one synchronization, which begins within seconds. */
export class NotHeldError extends AnsweredError {
  readonly code = 'SLUICE-JOB-21'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(what: Asked, { by }: Pick<StartRecord, 'by'>) {
    super(`${by.name} has just asked for "${what.name}" to be synchronized, and applied.`, {
      remedy: `Wait until that has ended, and ask again; or stop it: sluice source stop ${what.name}`,
    })
  }
}
