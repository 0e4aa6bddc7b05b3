/**
 * How `sluice runs` and the commands below it are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { RetryFlags } from '../actions/retry.ts'
import type { RevertFlags } from '../actions/revert.ts'
import type { RunsFlags } from '../actions/runs-flags.ts'
import { describedCommand, parseRunNumber, type Runner, withActionOfItsOwn } from '../command.ts'
import { parseLimit } from '../record-options.ts'
import { changesCommand, rejectedCommand } from './run-changes.ts'

const work = () => import('../actions/runs.ts')

export function runsCommand(run: Runner): Command {
  const command = describedCommand(
    'runs',
    'List runs, show what they did, and decide about those that are held.',
    [
      {
        command: 'sluice runs',
        says: 'the last runs, with exports that failed and deliveries that were refused',
      },
      { command: 'sluice runs show 3', says: 'the report of run 3' },
      { command: 'sluice runs changes 3', says: 'every change it made, or would make when it is held' },
      { command: 'sluice runs approve 3', says: 'apply a held run' },
      { command: 'sluice runs revert 3', says: 'take an applied run back' },
    ],
  )
    .option('--source <SOURCE>', 'only runs of this source')
    // A default here would be that of the commands below, too: commander lets the options of this one come first.
    .addOption(
      new Option('--limit <N>', 'at most so many, or "all"; 20 when not given').argParser(parseLimit),
    )
    .addOption(new Option('--csv', 'print them as CSV').conflicts('json'))
    .option('--json', 'print the reports as one JSON array')
  withActionOfItsOwn(command, run, () =>
    run(work, ({ list }, context) =>
      list(context, command.opts<RunsFlags>(), command.optsWithGlobals<RunsFlags>()),
    ),
  )
  command.addCommand(showCommand(run)).addCommand(changesCommand(run)).addCommand(rejectedCommand(run))
  return command
    .addCommand(approveCommand(run))
    .addCommand(rejectCommand(run))
    .addCommand(revertCommand(run))
    .addCommand(retryCommand(run))
}

function showCommand(run: Runner): Command {
  const command = describedCommand('show', 'Show the report of a run.')
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run(work, ({ show }, context) => show(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

function approveCommand(run: Runner): Command {
  const command = describedCommand('approve', 'Apply a held run: exactly the changes it holds.')
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--reason <TEXT>', 'why, kept with the run')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run(work, ({ approve }, context) => approve(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

function rejectCommand(run: Runner): Command {
  const command = describedCommand(
    'reject',
    'Reject a held run: nothing of it is applied, and the source can run again.',
  )
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--by <NAME>', 'who decides; the user of this computer when not given')
    .option('--reason <TEXT>', 'why, kept with the run')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run(work, ({ reject }, context) => reject(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}

function retryCommand(run: Runner): Command {
  const command = describedCommand(
    'retry',
    'Try again, as they were delivered, the rows that a run rejected because of a value.',
    [{ command: 'sluice runs retry 7', says: 'after the model or the mapping was corrected' }],
  )
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--dry-run', 'say what would change; write nothing')
    .option('--force', 'apply it even where a threshold would hold it')
    .option('--comment <TEXT>', 'why, kept with the run')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run(
      () => import('../actions/retry.ts'),
      ({ retry }, context) => retry(context, id, command.optsWithGlobals<RetryFlags>()),
    ),
  )
}

function revertCommand(run: Runner): Command {
  const command = describedCommand(
    'revert',
    'Take an applied run back: what it inserted is deleted, what it deleted is restored, what it updated gets its former values.',
    [
      {
        command: 'sluice runs revert 7 --dry-run',
        says: 'what that would change, and what has changed since',
      },
      { command: 'sluice runs revert 7 --skip-conflicts', says: 'skip what has changed since' },
    ],
  )
    .argument('<RUN>', 'number of the run', parseRunNumber)
    .option('--dry-run', 'say what would change and what stands in the way; write nothing')
    .option('--skip-conflicts', 'take back everything except what has changed since')
    .option(
      '--suspend',
      'suspend the sources whose next run would make the same changes again; resume them when they are corrected. Asked at a terminal',
    )
    .option('--force', 'apply it even where a threshold would hold it')
    .option('--comment <TEXT>', 'why, kept with the run')
    .option('--json', 'print the report as one JSON document')
  return command.action((id: number) =>
    run(
      () => import('../actions/revert.ts'),
      ({ revert }, context) => revert(context, id, command.optsWithGlobals<RevertFlags>()),
    ),
  )
}
