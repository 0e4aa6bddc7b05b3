/**
 * How the sources of a project are doing, of one whose repository is here or behind a server.
 *
 * @module
 */
import type { Environment, ExecutionHead, Health, SourceHealth } from '@sluice/model'
import { healthOf } from '@sluice/model'
import { routes } from '@sluice/protocol'
import { type OnStatement, openRepository, readDefinitions } from '@sluice/repository'
import { type ProjectPlace, readProject } from '../folder/load-configuration.ts'
import { linkOf } from '../open/link-of.ts'
import { type AgentSide, agentSides } from './agent-side.ts'

export interface ReadStatusOptions {
  readonly environment: Environment
  /** Address of a server to ask, in place of `agent.server`. */
  readonly server?: string | undefined
  readonly token?: string | undefined
  /** Where `server` is given, a folder without a project will do. */
  readonly orEmpty?: boolean | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

export interface SourceStatus extends SourceHealth {
  /** `null`: this project does not have the source, and knows only what the repository does. */
  readonly agent: AgentSide | null
}

export interface ProjectStatus {
  /** UTC: when the repository was asked. */
  readonly at: string
  /** Of whatever has no label in the language that somebody wants; absent: the usual one. */
  readonly language?: string | undefined
  readonly sources: readonly SourceStatus[]
  /** Jobs of which the execution that ended last has failed or was interrupted; none where that cannot be read. */
  readonly failedJobs: readonly FailedJob[]
}

/** What ended last of a job, and not well. */
export interface FailedJob {
  readonly job: string
  readonly execution: string
  readonly state: string
  /** UTC. */
  readonly at: string
}

/**
 * Reads how all sources are doing: of the repository in a few statements, however many runs there are; of this folder what waits in it
 * for a server, and when its jobs start.
 *
 * @example
 * ```ts
 * import process from 'node:process'
 * import { readStatus } from 'sluice'
 *
 * const { sources } = await readStatus('.', { environment: process.env })
 * for (const { name, attention } of sources) for (const { says, command } of attention) console.log(name, says, command)
 * ```
 */
export async function readStatus(of: ProjectPlace, options: ReadStatusOptions): Promise<ProjectStatus> {
  const { environment, server, onStatement } = options
  const project = await readProject(of, {
    environment,
    orEmpty: options.orEmpty === true && server !== undefined,
  })
  const place = await project.require({ stored: 'unknown' })
  await using link = await linkOf(place, options)
  if (link !== undefined) {
    const health = await link.client.call(routes.status, { params: {} })
    // An older server may know of no jobs.
    const known = await link.client.call(routes.jobs, { params: {} }).catch(() => ({ jobs: [] }))
    const failedJobs = known.jobs.flatMap(({ job, last }) => failedIn(job, last))
    return { ...besides(health, await agentSides(place)), failedJobs }
  }
  await using repository = await openRepository(place.repository, { onStatement })
  const { definitions } = await repository.database.session(readDefinitions)
  const configuration = await project.require({ stored: definitions })
  const { at, sources: states } = await repository.sourceStates()
  const sources = [...configuration.sources.values()].map((source) =>
    healthOf(source, states.get(source.name), at),
  )
  const failedJobs = [...(await repository.jobs.newest())].flatMap(([job, { last }]) => failedIn(job, last))
  const { language } = configuration.model
  return { ...besides({ at, language, sources }, await agentSides(configuration)), failedJobs }
}

function failedIn(job: string, last: ExecutionHead | null): readonly FailedJob[] {
  if (last === null || (last.state !== 'failed' && last.state !== 'interrupted')) return []
  const { execution, state, finishedAt, heardAt } = last
  return [{ job, execution, state, at: finishedAt ?? heardAt }]
}

function besides(
  { sources, ...health }: Health,
  sides: ReadonlyMap<string, AgentSide>,
): Omit<ProjectStatus, 'failedJobs'> {
  return {
    ...health,
    sources: sources.map((source) => ({ ...source, agent: sides.get(source.name) ?? null })),
  }
}
