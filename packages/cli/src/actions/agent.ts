/**
 * `sluice agent`: starts jobs by their schedules and delivers what waits, until it is stopped.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import { type AgentOptions, runAgent, runAgentOnce } from '@sluice/project'
import { type Context, configurationOf, type GlobalOptions, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import type { LogFormat, LogLevel } from '../log/create-log.ts'
import { statusOfJob } from './run.ts'

export interface AgentFlags extends GlobalOptions {
  readonly once?: boolean
  readonly logLevel: LogLevel
  readonly logFormat?: LogFormat
}

export async function follow(
  context: Context,
  jobs: readonly string[],
  flags: AgentFlags,
): Promise<ExitStatus> {
  const { err, signal: stop, graceful, onHangup } = context
  // Loaded only here: no other command shall pay for it.
  const { createLog } = await import('../log/create-log.ts')
  const format = flags.logFormat ?? (err.interactive ? 'text' : 'json')
  const log = createLog({ level: flags.logLevel, format, write: (text) => void err.write(text) })
  const options: AgentOptions = {
    configure: () => servedConfiguration(context, flags),
    open: () => projectOf(context, flags),
    jobs: jobs.length === 0 ? undefined : [...new Set(jobs)],
    log,
    stop,
    signal: graceful?.() ?? stop,
  }
  if (flags.once === true) return worst((await runAgentOnce(options)).map(statusOfJob))
  const stopped = () => {
    if (err.interactive)
      void err.line('Stops when the steps that are running have ended; Ctrl-C again stops them at once.')
  }
  stop.addEventListener('abort', stopped, { once: true })
  let forget: (() => void) | undefined
  try {
    await runAgent({
      ...options,
      onReload: (listener) => {
        forget = onHangup?.(listener)
      },
    })
  } finally {
    forget?.()
    stop.removeEventListener('abort', stopped)
  }
  return exitStatus.done
}

/** The server may be named at the command line or in the environment instead. */
async function servedConfiguration(context: Context, flags: AgentFlags): Promise<Configuration> {
  const { environment } = context
  const configuration = await configurationOf(context, flags)
  const server = flags.server ?? (environment['SLUICE_SERVER'] || configuration.agent.server)
  return { ...configuration, agent: { ...configuration.agent, server } }
}
