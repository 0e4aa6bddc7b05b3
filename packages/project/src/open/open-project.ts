/**
 * Opens a project: the front door of the library and of the command line.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { openSynchronizer } from '@sluice/inbox'
import type { Configuration, Environment, RunBy } from '@sluice/model'
import {
  loadEmbedded,
  type OnStatement,
  openRehearsal,
  openRepository,
  type RepositoryReader,
  readDefinitions,
} from '@sluice/repository'
import { type ProjectPlace, type ProjectText, readProject } from '../folder/load-configuration.ts'
import { EmbeddedProject } from './embedded-project.ts'
import { explaining } from './explaining.ts'
import { linkOf } from './link-of.ts'
import { PlanningProject } from './planning-project.ts'
import { keepPrivate } from './private-work-folder.ts'
import type { LocalProject, Project } from './project.ts'
import { RemoteProject } from './remote-project.ts'
import { RemoteRepository } from './remote-repository.ts'
import type { ModelTypes, TypedProject, TypedReader } from './typed-project.ts'

export interface OpenLocalProjectOptions {
  /** Where `${NAME}` in the configuration, and a proxy, are looked up; the process's own environment when absent. */
  readonly environment?: Environment | undefined
  /** Lets the repository's tables follow the model even where that drops stored values. */
  readonly allowLoss?: boolean | undefined
  /** Who makes runs happen; a program when absent. */
  readonly by?: RunBy | undefined
  /** Called with every statement that the repository's database executes here. */
  readonly onStatement?: OnStatement | undefined
}

const aProgram: RunBy = { kind: 'program', name: 'sluice' }

export interface OpenProjectOptions extends OpenLocalProjectOptions {
  /** Address of a server to work through, in place of `agent.server` in the configuration. */
  readonly server?: string | undefined
  /** What the server lets us in by, in place of `agent.token`. */
  readonly token?: string | undefined
  /**
   * Where `server` is given, a folder without a project will do: there are no sources then, and the repository behind
   * the server can be read and decided about all the same.
   */
  readonly orEmpty?: boolean | undefined
}

/**
 * Opens the project in a folder (or the configuration file itself) and brings the repository's
 * tables up to its model. Where the configuration or `options` name a server, the project works through that, and
 * no repository is opened.
 *
 * A repository in a folder belongs to one process at a time: while another one has it open, this
 * throws and names that process.
 *
 * @example
 * ```ts
 * import { openProject } from 'sluice'
 *
 * await using project = await openProject('.')
 * for (const source of project.configuration.sources.keys()) {
 *   const report = await project.sync(source)
 *   console.log(source, report.state, report.entities)
 * }
 * ```
 */
export function openProject(of?: ProjectPlace, options?: OpenProjectOptions): Promise<Project>
/** The same, read with the types that `sluice types` has written of the model: `openProject<Model>('.')`. */
export function openProject<M extends ModelTypes>(
  of?: ProjectPlace,
  options?: OpenProjectOptions,
): Promise<TypedProject<M>>
export async function openProject(
  of: ProjectPlace = '.',
  options: OpenProjectOptions = {},
): Promise<Project> {
  if (options.server === undefined) loadAhead(of)
  const project = await projectText(of, options)
  const configuration = await project.require(whateverIsStored)
  await keepPrivate(configuration)
  const link = await linkOf(configuration, { ...options, environment: environmentOf(options) })
  return link === undefined
    ? openEmbedded(project, configuration, options)
    : new RemoteProject(
        { ...configuration, agent: { ...configuration.agent, server: link.client.server } },
        link,
      )
}

/** While the configuration is read: mostly the repository lies where it does when nothing is said of it. */
function loadAhead(of: ProjectPlace): void {
  if (typeof of !== 'string' || !existsSync(join(of, 'repository', 'data'))) return
  // What is wrong with it, whoever opens the repository is told.
  loadEmbedded().catch(() => undefined)
}

/** A project that only plans. */
export type Planner = Pick<Project, 'configuration' | 'knows' | 'plan' | 'drift' | 'planLoad' | 'testRows'> &
  AsyncDisposable

/**
 * Opens a project to plan with it. Nothing is written: where the tables do not follow the model yet, they do so within the plan and
 * not afterwards, and a repository that does not exist is not made.
 */
export async function openPlanner(
  of: ProjectPlace = '.',
  options: Omit<OpenProjectOptions, 'allowLoss'> = {},
): Promise<Planner> {
  if (options.server === undefined) loadAhead(of)
  const project = await projectText(of, options)
  const place = await project.require(whateverIsStored)
  const link = await linkOf(place, { ...options, environment: environmentOf(options) })
  if (link !== undefined) return planning(new RemoteProject(place, link), link)
  const { database, configuration } = await openRehearsal(
    place.repository,
    ({ definitions }) => project.require({ stored: definitions }),
    { onStatement: options.onStatement },
  )
  try {
    const synchronizer = openSynchronizer({ repository: { database }, configuration })
    return planning(new PlanningProject(configuration, synchronizer, options.by ?? aProgram), database)
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

/** Of a project, nothing but what plans. */
function planning(project: Omit<Planner, typeof Symbol.asyncDispose>, opened: AsyncDisposable): Planner {
  return {
    configuration: project.configuration,
    knows: (source) => project.knows(source),
    plan: (source, options) => project.plan(source, options),
    drift: (source, options) => project.drift(source, options),
    planLoad: (source, request, options) => project.planLoad(source, request, options),
    testRows: (source, rows, options) => project.testRows(source, rows, options),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** Opens a project with its repository in this process, whatever server is configured. */
export async function openLocalProject(
  of: ProjectPlace = '.',
  options: OpenLocalProjectOptions = {},
): Promise<LocalProject> {
  loadAhead(of)
  const project = await projectText(of, options)
  const configuration = await project.require(whateverIsStored)
  await keepPrivate(configuration)
  return openEmbedded(project, configuration, options)
}

/** Opens what is stored, to be looked at: the model is left as it is. */
export function openReader(
  of?: ProjectPlace,
  options?: Omit<OpenProjectOptions, 'allowLoss'>,
): Promise<RepositoryReader & AsyncDisposable>
/** The same, read with the types that `sluice types` has written of the model. */
export function openReader<M extends ModelTypes>(
  of?: ProjectPlace,
  options?: Omit<OpenProjectOptions, 'allowLoss'>,
): Promise<TypedReader<M> & AsyncDisposable>
export async function openReader(
  of: ProjectPlace = '.',
  options: Omit<OpenProjectOptions, 'allowLoss'> = {},
): Promise<RepositoryReader & AsyncDisposable> {
  const project = await projectText(of, options)
  const configuration = await project.require(whateverIsStored)
  const link = await linkOf(configuration, { ...options, environment: environmentOf(options) })
  if (link === undefined) {
    const repository = await openRepository(configuration.repository, { onStatement: options.onStatement })
    return explaining(repository, async () => {
      const { definitions } = await repository.database.session(readDefinitions)
      const whole = await project.require({ stored: definitions })
      return openSynchronizer({ repository, configuration: whole }).roots
    })
  }
  return Object.assign(new RemoteRepository(link.client), {
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  })
}

/** Before anything is opened: what is wrong in any case is said at once. */
const whateverIsStored = { stored: 'unknown' } as const

function projectText(of: ProjectPlace, options: OpenProjectOptions): Promise<ProjectText> {
  return readProject(of, {
    environment: environmentOf(options),
    orEmpty: options.orEmpty === true && options.server !== undefined,
  })
}

function environmentOf({ environment }: OpenLocalProjectOptions): Environment {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is the default
  return environment ?? process.env
}

async function openEmbedded(
  project: ProjectText,
  place: Pick<Configuration, 'repository'>,
  { allowLoss = false, by = aProgram, onStatement }: OpenLocalProjectOptions,
): Promise<LocalProject> {
  const repository = await openRepository(place.repository, { onStatement })
  try {
    const { definitions } = await repository.database.session(readDefinitions)
    const configuration = await project.require({ stored: definitions })
    await repository.evolve(configuration, { allowLoss, by })
    const synchronizer = openSynchronizer({ repository, configuration })
    return new EmbeddedProject(configuration, repository, synchronizer, by)
  } catch (error) {
    await repository[Symbol.asyncDispose]()
    throw error
  }
}
