/**
 * `sluice agent`: starts jobs by their schedules and delivers what waits, until it is stopped.
 *
 * @module
 */
import type { Configuration } from '@sluice/model'
import { type AgentOptions, runAgent, runAgentOnce } from '@sluice/project'
import { type Command, Option } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { type Context, configurationOf, type GlobalOptions, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import type { LogFormat, LogLevel } from '../log/create-log.ts'
import { statusOfJob } from './run.ts'

interface AgentFlags extends GlobalOptions {
  readonly once?: boolean
  readonly logLevel: LogLevel
  readonly logFormat?: LogFormat
}

export function agentCommand(run: Runner): Command {
  const command = describedCommand('agent', 'Start jobs by their schedules, until it is stopped.', [
    { command: 'sluice agent', says: 'every job that has a schedule' },
    { command: 'sluice agent nightly', says: 'this one alone' },
    { command: 'sluice agent --once', says: 'each of them once, now; for a scheduler of your own' },
  ])
    .argument('[JOB...]', 'names of jobs; all that have a schedule when none is given')
    .option('--once', 'run each job once, now, and end')
    .addOption(
      new Option('--log-level <LEVEL>', 'how much is logged')
        .choices(['error', 'warn', 'info', 'debug', 'silent'])
        .default('info'),
    )
    .addOption(
      new Option('--log-format <FORMAT>', 'text on a terminal and json elsewhere when not given').choices([
        'text',
        'json',
      ]),
    )
  return command.action((jobs: string[]) =>
    run((context) => follow(context, jobs, command.optsWithGlobals<AgentFlags>())),
  )
}

async function follow(context: Context, jobs: readonly string[], flags: AgentFlags): Promise<ExitStatus> {
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
    if (err.interactive) void err.line('Stops after the steps at work; Ctrl-C again gives them up.')
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
