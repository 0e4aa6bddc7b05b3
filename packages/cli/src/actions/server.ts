/**
 * `sluice server`: receives what agents deliver, synchronizes it, answers questions.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import { openServedProject, openTokenStore, reloadServer, type ServedProject } from '@sluice/project'
import type { Logger } from 'pino'
import { type Context, type GlobalOptions, orEmpty, serverOf, sqlOf } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import type { LogFormat, LogLevel } from '../log/create-log.ts'
import { projectPath } from '../project-path.ts'
import { version } from '../version.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { liveDemo, openDemo } from './served-demo.ts'
import { greet } from './server-greeting.ts'
import { whenThere } from './wait-for-database.ts'

/** Milliseconds, behind the time that runs have. */
const endingTime = 7000

export interface ServerFlags extends GlobalOptions {
  readonly host?: string
  readonly port?: number
  /** The folder of the project that is written. */
  readonly demo?: string
  readonly logLevel: LogLevel
  readonly logFormat?: LogFormat
}

export async function reload(context: Context, flags: GlobalOptions): Promise<ExitStatus> {
  const options = { ...serverOf(context, flags), ...orEmpty(flags) }
  const reloaded = await reloadServer(projectPath(context, flags), options)
  if (reloaded === undefined) {
    throw new WrongUsageError(
      'No server is named that could be reloaded.',
      'sluice server reload --server URL; or, on the machine of the server: kill -HUP PID',
    )
  }
  const { server, sources, changes, restart } = reloaded
  for (const change of changes) await context.out.line(change)
  await context.out.line(
    `The server ${server} has read its configuration again. Its sources: ${sources.join(', ') || 'no source'}.`,
  )
  if (restart.length > 0)
    await context.err.line(`${restart.join(', ')}: as before until the server is started again.`)
  return exitStatus.done
}

export async function serve(context: Context, flags: ServerFlags): Promise<ExitStatus> {
  const { environment, err, signal } = context
  const path = flags.demo === undefined ? projectPath(context, flags) : await openDemo(context, flags.demo)
  const { createLog } = await import('../log/create-log.ts')
  const format = flags.logFormat ?? (err.interactive ? 'text' : 'json')
  const log = createLog({ level: flags.logLevel, format, write: (text) => void err.write(text) })
  const onStatement = sqlOf(context, flags)
  const open = () => openServedProject(path, { environment, onStatement })
  const project = await whenThere(open, { log, signal })
  if (project === undefined) return exitStatus.done
  let ended = true
  try {
    ended = await serveUntilStopped(context, project, { flags, log })
  } finally {
    // A run that does not end would keep the repository from being closed; both end with the process.
    if (ended) await project[Symbol.asyncDispose]()
  }
  return exitStatus.done
}

/** `false`: a run is still at work. */
async function serveUntilStopped(
  context: Context,
  { repository, synchronizer, ...project }: ServedProject,
  { flags, log }: { readonly flags: ServerFlags; readonly log: Logger },
): Promise<boolean> {
  const { err, signal } = context
  // Half a second of loading that no other command should pay for.
  const { startServer } = await import('@sluice/server')
  const configuration = withAddress(project.configuration, flags)
  const { reread, sources } = project
  // Runs, and then what else is at work, have to end in this time.
  context.endWithin?.(configuration.server.stopTimeout + endingTime)
  const server = await startServer({
    configuration,
    repository,
    synchronizer,
    reread,
    sources,
    log,
    version,
  })
  const forget = context.onHangup?.(() => {
    void server.reloadCertificate()
    server
      .reload()
      .catch((error: unknown) => log.error({ err: error }, 'the configuration cannot be read again'))
  })
  const tokens = await openTokenStore(repository.database).list()
  log.info({ url: server.url, inbox: configuration.server.inbox, tokens: tokens.length }, 'listening')
  await greet(context, server.url, {
    configuration,
    database: repository.database,
    demo: flags.demo !== undefined,
  })
  const { demo: name } = flags
  const living = name === undefined ? undefined : liveDemo(context, { name, server, repository, log })
  await untilAborted(signal)
  log.info('stopping')
  await living
  if (err.interactive)
    await err.line('Stops when the runs in progress have ended; Ctrl-C again stops them at once.')
  const ended = await server.stop()
  forget?.()
  log.info('stopped')
  return ended
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function withAddress(configuration: Configuration, { host, port }: ServerFlags): Configuration {
  const { server } = configuration
  return { ...configuration, server: { ...server, host: host ?? server.host, port: port ?? server.port } }
}
