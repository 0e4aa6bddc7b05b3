/**
 * Opens a project: the front door of the library and of the command line.
 *
 * @module
 */
import process from 'node:process'
import { openEngine } from '@sluice/engine'
import type { Environment } from '@sluice/model'
import { openRepository } from '@sluice/repository'
import { EmbeddedProject, type ProgressRelay } from './embedded-project.ts'
import { requireConfiguration } from './project/load-configuration.ts'
import type { Project } from './project.ts'

export interface OpenProjectOptions {
  /** Where `${NAME}` in the configuration is looked up; the process's own environment when absent. */
  readonly environment?: Environment | undefined
  /** Lets the repository's tables follow the model even where that drops stored values. */
  readonly allowLoss?: boolean | undefined
}

/**
 * Opens the project in a folder (or the configuration file itself) and brings the repository's
 * tables up to its model.
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
export async function openProject(path = '.', options: OpenProjectOptions = {}): Promise<Project> {
  // biome-ignore lint/style/noProcessEnv: the one place where the environment is the default
  const { environment = process.env, allowLoss = false } = options
  const configuration = await requireConfiguration(path, { environment })
  const repository = await openRepository(configuration.repository)
  try {
    await repository.evolve(configuration, { allowLoss })
    const progress: ProgressRelay = { listener: undefined }
    const engine = openEngine({
      repository,
      configuration,
      onProgress: (step) => progress.listener?.(step),
    })
    return new EmbeddedProject(configuration, repository, engine, progress)
  } catch (error) {
    await repository[Symbol.asyncDispose]()
    throw error
  }
}
