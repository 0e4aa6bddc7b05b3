/**
 * What every command gets from the process it runs in, and the options all of them share.
 *
 * Commands read no environment, no streams and no signals of their own, so that they behave alike
 * in a terminal, in a pipe and in a scheduler.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import {
  type Jobs,
  type LocalProject,
  openJobs,
  openLocalProject,
  openPlanner,
  openProject,
  openReader,
  openSources,
  type Planner,
  type Project,
  type ProjectStatus,
  type RepositoryReader,
  readStatus,
  requireConfiguration,
  type Sources,
} from '@sluice/project'
import { openSqlFile } from './log/sql-file.ts'
import type { Outlet } from './output/outlet.ts'
import { projectPath } from './project-path.ts'
import type { Stopwatch } from './stopwatch.ts'

export interface Context {
  /** Results. */
  readonly out: Outlet
  /** Everything else. */
  readonly err: Outlet
  /** Shows text that may be longer than the window; `false`: it is still to be written. Absent where nobody looks. */
  readonly showPages?: ((text: string) => Promise<boolean>) | undefined
  /** What is piped in. */
  readonly input?: AsyncIterable<Uint8Array> | undefined
  /** Asks the person at the terminal, and gives the answer, which nobody else sees where it is `hidden`; absent where nobody is there. */
  readonly ask?: ((question: string, options?: { readonly hidden?: boolean }) => Promise<string>) | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  /** Name of the person at the keyboard, for decisions about held runs. */
  readonly user: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /**
   * For commands that end in peace after the first Ctrl-C: the signal of the second one, which then gives up
   * the work in hand in place of ending the process. A third one ends it. A scheduler asks only once (SIGTERM): `within` so many
   * milliseconds of that the work is given up, too.
   */
  readonly graceful?: ((within: number) => AbortSignal) | undefined
  /**
   * For commands that need another time than most to end in peace: so many milliseconds after SIGTERM the process ends, whatever is at work. What is
   * not applied then is not applied at all.
   */
  readonly endWithin?: ((milliseconds: number) => void) | undefined
  /** Calls `listener` whenever the process is asked to read its files again; returns how to stop that. */
  readonly onHangup?: ((listener: () => void) => () => void) | undefined
  /** Has run since the process began; absent where nobody waits. */
  readonly stopwatch?: Stopwatch | undefined
  /** Told in a sentence when work begins to watch whether the holder of a lock lives. */
  readonly onLockWait?: ((sentence: string) => void) | undefined
}

/** Options that may stand before or after any command. */
export interface GlobalOptions {
  readonly project?: string | undefined
  readonly config?: string | undefined
  /** Address of the server to work through. */
  readonly server?: string | undefined
  /** Of labels: `de`, `pt-BR`; `none`: names in place of them. */
  readonly language?: string | undefined
  /** File for the statements that the repository executes. */
  readonly sql?: string | undefined
}

/** The configuration alone, for commands that open the project later or not at all. */
export async function configurationOf(context: Context, options: GlobalOptions): Promise<Configuration> {
  const { environment } = context
  // Nobody has opened the repository, which may hold more sources.
  return requireConfiguration(projectPath(context, options), { environment, stored: 'unknown' })
}

/** The server to work through, where one is named here: the option, or else the environment. */
export function serverOf({ environment }: Context, { server }: GlobalOptions) {
  const named = server ?? environment['SLUICE_SERVER']
  return {
    environment,
    server: named === '' ? undefined : named,
    token: environment['SLUICE_TOKEN'] === '' ? undefined : environment['SLUICE_TOKEN'],
  }
}

/** Who works at the command line, and where the statements go. */
function workingAs(context: Context, options: GlobalOptions) {
  return {
    by: { kind: 'command-line', name: context.user } as const,
    onStatement: sqlOf(context, options),
  }
}

/** What writes the statements down, where a file is named. */
export function sqlOf({ environment, workingFolder }: Context, { sql }: GlobalOptions) {
  return openSqlFile(sql ?? environment['SLUICE_SQL'], workingFolder)
}

/** What is waited for until then is told apart. */
async function opened<T>({ stopwatch }: Context, opening: Promise<T>): Promise<T> {
  const project = await opening
  stopwatch?.opened()
  return project
}

/** Opens the project, here or through its server, for commands that compute or change something. */
export async function projectOf(context: Context, options: GlobalOptions): Promise<Project> {
  return opened(
    context,
    openProject(projectPath(context, options), {
      ...serverOf(context, options),
      ...workingAs(context, options),
    }),
  )
}

/** Opens the project for what writes nothing. */
export async function plannerOf(context: Context, options: GlobalOptions): Promise<Planner> {
  return opened(
    context,
    openPlanner(projectPath(context, options), {
      ...serverOf(context, options),
      ...workingAs(context, options),
    }),
  )
}

/**
 * Opens what commands look at and decide about that need no source: where a server is named here, its address and a token
 * are enough, in any folder.
 */
export async function anyProjectOf(context: Context, options: GlobalOptions): Promise<Project> {
  return opened(
    context,
    openProject(projectPath(context, options), {
      ...serverOf(context, options),
      ...orEmpty(options),
      ...workingAs(context, options),
    }),
  )
}

/** A project that was asked for by name has to be there. */
export function orEmpty({ project, config }: GlobalOptions): { readonly orEmpty: boolean } {
  return { orEmpty: project === undefined && config === undefined }
}

/** Opens the project with its repository in this process, whatever server is named. */
export async function localProjectOf(
  context: Context,
  options: GlobalOptions & { readonly allowLoss?: boolean },
): Promise<LocalProject> {
  const { environment } = context
  const { allowLoss } = options
  return opened(
    context,
    openLocalProject(projectPath(context, options), {
      environment,
      allowLoss,
      ...workingAs(context, options),
    }),
  )
}

/** Opens what is stored alone, for commands that only read: the model is left as it is. */
export async function repositoryOf(
  context: Context,
  options: GlobalOptions,
): Promise<RepositoryReader & AsyncDisposable> {
  return openReader(projectPath(context, options), {
    ...serverOf(context, options),
    ...orEmpty(options),
    onStatement: sqlOf(context, options),
  })
}

/** Opens the sources, here or through the server, to be looked at or changed. */
export async function sourcesOf(
  context: Context,
  options: GlobalOptions,
): Promise<Sources & AsyncDisposable> {
  return openSources(projectPath(context, options), {
    ...serverOf(context, options),
    ...orEmpty(options),
    ...workingAs(context, options),
  })
}

/** Opens the jobs, here or through the server, to be looked at, started and stopped. */
export async function jobsOf(context: Context, options: GlobalOptions): Promise<Jobs & AsyncDisposable> {
  return openJobs(projectPath(context, options), {
    ...serverOf(context, options),
    ...orEmpty(options),
    ...workingAs(context, options),
  })
}

/** How the sources are doing, here or through the server. */
export async function statusOf(context: Context, options: GlobalOptions): Promise<ProjectStatus> {
  return readStatus(projectPath(context, options), {
    ...serverOf(context, options),
    ...orEmpty(options),
    onStatement: sqlOf(context, options),
  })
}
