/**
 * How the sources of a project are doing, of one whose repository is here or behind a server.
 *
 * @module
 */
import type { Environment, Health, SourceHealth } from '@sluice/model'
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
  readonly sources: readonly SourceStatus[]
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
  const place = project.require({ stored: 'unknown' })
  await using link = await linkOf(place, options)
  if (link !== undefined) {
    const health = await link.client.call(routes.status, { params: {} })
    return besides(health, await agentSides(place))
  }
  await using repository = await openRepository(place.repository, { onStatement })
  const { definitions } = await repository.database.session(readDefinitions)
  const configuration = project.require({ stored: definitions })
  const { at, sources: states } = await repository.sourceStates()
  const sources = [...configuration.sources.values()].map((source) =>
    healthOf(source, states.get(source.name), at),
  )
  return besides({ at, sources }, await agentSides(configuration))
}

function besides({ at, sources }: Health, sides: ReadonlyMap<string, AgentSide>): ProjectStatus {
  return { at, sources: sources.map((source) => ({ ...source, agent: sides.get(source.name) ?? null })) }
}
