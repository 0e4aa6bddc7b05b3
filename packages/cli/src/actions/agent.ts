/**
 * `sluice agent`: starts jobs by their schedules and delivers what waits, until it is stopped.
 *
 * @module
 */
import { onOpenSecret } from '@sluice/files'
import type { Configuration } from '@sluice/model'
import {
  type AgentOptions,
  agentSides,
  checkSource,
  discoverSource,
  previewRows,
  runAgent,
  runAgentOnce,
} from '@sluice/project'
import { type Context, configurationOf, type GlobalOptions, projectOf } from '../context.ts'
import { type ExitStatus, exitStatus, worst } from '../exit-status.ts'
import type { LogFormat, LogLevel } from '../log/create-log.ts'
import type { AgentMetrics } from '../probes/agent-metrics.ts'
import type { RunningProbes } from '../probes/agent-probes.ts'
import { projectPath } from '../project-path.ts'
import { version } from '../version.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { statusOfJob } from './run.ts'

export interface AgentFlags extends GlobalOptions {
  readonly once?: boolean
  /** Seconds. */
  readonly stopTimeout: number
  /** `true`: where nobody else hears it. */
  readonly probes?: string | true
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
  onOpenSecret((sentence, remedy) => log.warn({ remedy }, sentence))
  let known: Configuration | undefined
  const configure = async () => {
    known = await servedConfiguration(context, flags)
    return known
  }
  const metrics = flags.probes === undefined ? undefined : await metricsOf(() => known)
  const options: AgentOptions = {
    configure,
    watcher: metrics,
    open: () => projectOf(context, flags),
    systems: systemsOf(context, flags),
    jobs: jobs.length === 0 ? undefined : [...new Set(jobs)],
    log,
    stop,
    signal: graceful?.(flags.stopTimeout * 1000) ?? stop,
  }
  if (flags.once === true) return worst((await runAgentOnce(options)).map(statusOfJob))
  const stopped = () => {
    if (err.interactive)
      void err.line('Stops when the steps that are running have ended; Ctrl-C again stops them at once.')
  }
  stop.addEventListener('abort', stopped, { once: true })
  let forget: (() => void) | undefined
  const probes = metrics && (await probesOf(flags.probes, metrics, await configure(), stop))
  if (probes !== undefined) log.info({ url: probes.url }, 'answers probes')
  try {
    await runAgent({
      ...options,
      onReload: (listener) => {
        forget = onHangup?.(listener)
      },
    })
  } finally {
    forget?.()
    await probes?.[Symbol.asyncDispose]()
    stop.removeEventListener('abort', stopped)
  }
  return exitStatus.done
}

/** Its files as they are by then. */
function systemsOf(context: Context, flags: AgentFlags): AgentOptions['systems'] {
  const place = projectPath(context, flags)
  const { environment } = context
  return {
    check: (source, signal) => checkSource(place, source, { environment, signal }),
    discover: (source, signal) => discoverSource(place, source, { environment, signal }),
    preview: ({ source, mapping, proposal, rows }, signal) =>
      previewRows(place, {
        source,
        mapping: mapping ?? undefined,
        proposal: proposal ?? undefined,
        rows,
        environment,
        signal,
      }),
  }
}

async function metricsOf(configuration: () => Configuration | undefined): Promise<AgentMetrics> {
  const { createAgentMetrics } = await import('../probes/agent-metrics.ts')
  return createAgentMetrics(version, async () => {
    const known = configuration()
    return known === undefined ? new Map() : await agentSides(known)
  })
}

const usualAddress = '127.0.0.1:8621'

async function probesOf(
  address: string | true | undefined,
  metrics: AgentMetrics,
  { workFolder }: Pick<Configuration, 'workFolder'>,
  stop: AbortSignal,
): Promise<RunningProbes> {
  const { serveProbes } = await import('../probes/agent-probes.ts')
  const text = typeof address === 'string' ? address : usualAddress
  // A port alone is one of this machine.
  const found = /^(?:(.+):)?(\d{1,5})$/.exec(text)
  const port = Number(found?.[2])
  if (found === null || port > 65_535)
    throw new WrongUsageError(
      `"${text}" is not an address to listen at.`,
      'sluice agent --probes 127.0.0.1:8621',
    )
  const host = (found[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  return await serveProbes({ host, port, metrics, workFolder: () => workFolder, stop })
}

/** The server may be named at the command line or in the environment instead. */
async function servedConfiguration(context: Context, flags: AgentFlags): Promise<Configuration> {
  const { environment } = context
  const configuration = await configurationOf(context, flags)
  const server = flags.server ?? (environment['SLUICE_SERVER'] || configuration.agent.server)
  return { ...configuration, agent: { ...configuration.agent, server } }
}
