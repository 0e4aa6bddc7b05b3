/**
 * How `sluice agent` is called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AgentFlags } from '../actions/agent.ts'
import { describedCommand, type Runner } from '../command.ts'

function parseSeconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a number of seconds.')
  return Number(text)
}

const work = () => import('../actions/agent.ts')

export function agentCommand(run: Runner): Command {
  const command = describedCommand('agent', 'Start jobs by their schedules, until it is stopped.', [
    { command: 'sluice agent', says: 'every job that has a schedule, and those that come after others' },
    { command: 'sluice agent nightly', says: 'this one alone' },
    { command: 'sluice agent --once', says: 'each of them once, now; for a scheduler of your own' },
  ])
    .argument('[JOB...]', 'names of jobs; all that have a schedule or come after others when none is given')
    .addOption(
      new Option(
        '--probes [ADDRESS]',
        'answer /health, /ready and /metrics at this address (without one: 127.0.0.1:8621)',
      ).conflicts('once'),
    )
    .addOption(
      new Option(
        '--stop-timeout <SECONDS>',
        'after SIGTERM: how long steps at work may take before they are given up',
      )
        .argParser(parseSeconds)
        .default(15),
    )
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
    run(work, ({ follow }, context) => follow(context, jobs, command.optsWithGlobals<AgentFlags>())),
  )
}
