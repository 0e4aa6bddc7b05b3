/**
 * What every command gets from the process it runs in, and the options all of them share.
 *
 * Commands read no environment, no streams and no signals of their own, so that they behave alike
 * in a terminal, in a pipe and in a scheduler.
 *
 * @module
 */
import { resolve } from 'node:path'
import {
  openProject,
  openRepository,
  type Project,
  type Repository,
  requireConfiguration,
} from '@sluice/library'
import type { Configuration } from '@sluice/model'
import type { Outlet } from './output/outlet.ts'

export interface Context {
  /** Results. */
  readonly out: Outlet
  /** Everything else. */
  readonly err: Outlet
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** Name of the person at the keyboard, for decisions about held runs. */
  readonly user: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Calls `listener` whenever the process is asked to read its files again; returns how to stop that. */
  readonly onHangup?: ((listener: () => void) => () => void) | undefined
}

/** Options that may stand before or after any command. */
export interface GlobalOptions {
  readonly project?: string | undefined
  readonly config?: string | undefined
}

/** The configuration file, or the project's folder. */
export function projectPath(context: Context, { project = '.', config }: GlobalOptions): string {
  const folder = resolve(context.workingFolder, project)
  return config === undefined ? folder : resolve(folder, config)
}

async function configurationOf(context: Context, options: GlobalOptions): Promise<Configuration> {
  return requireConfiguration(projectPath(context, options), { environment: context.environment })
}

/** Opens the project with its engine, for commands that compute or change something. */
export async function projectOf(
  context: Context,
  options: GlobalOptions & { readonly allowLoss?: boolean },
): Promise<Project> {
  return openProject(projectPath(context, options), {
    environment: context.environment,
    allowLoss: options.allowLoss,
  })
}

/** Opens the repository alone, for commands that only read: the model is left as it is. */
export async function repositoryOf(context: Context, options: GlobalOptions): Promise<Repository> {
  const { repository } = await configurationOf(context, options)
  return openRepository(repository)
}
