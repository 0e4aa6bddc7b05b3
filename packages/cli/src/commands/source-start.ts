/**
 * How `sluice source start` and `sluice source stop` are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { JobsFlags } from '../actions/jobs.ts'
import type { StartSourceFlags } from '../actions/source-start.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withModeOption } from '../mode-option.ts'

const work = () => import('../actions/source-start.ts')

export function startSourceCommand(run: Runner): Command {
  const command = withModeOption(
    withAgent(
      describedCommand(
        'start',
        'Synchronize a source: through a server by the agent that delivers it, else here, as `sluice sync` does.',
        [
          { command: 'sluice source start hr', says: 'its agent begins within seconds' },
          { command: 'sluice source start hr --mode complete --wait', says: 'and this waits for the result' },
          {
            command: 'sluice source start hr --hold',
            says: 'nothing is applied before somebody approves it',
          },
        ],
      ),
    ),
  )
  command.option('--hold', 'hold all changes, until `sluice runs approve` or `reject`')
  return command.action((source: string) =>
    run(work, ({ startSource }, context) =>
      startSource(context, source, command.optsWithGlobals<StartSourceFlags>()),
    ),
  )
}

export function stopSourceCommand(run: Runner): Command {
  const command = withAgent(
    describedCommand(
      'stop',
      'Stop what `sluice source start` began: the work in hand is given up, and nothing of it is applied.',
      [{ command: 'sluice source stop hr --wait', says: 'until it has ended' }],
    ),
  )
  return command.action((source: string) =>
    run(work, ({ stopSource }, context) => stopSource(context, source, command.optsWithGlobals<JobsFlags>())),
  )
}

function withAgent(command: Command): Command {
  return command
    .argument('<SOURCE>', 'name of a source')
    .option('--agent <HOST>', 'machine or id of the agent, where several deliver the source')
    .option('--wait', 'wait until it has ended, and show its result')
    .option('--json', 'print it as one JSON document')
}
