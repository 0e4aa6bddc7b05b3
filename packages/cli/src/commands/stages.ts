/**
 * How `sluice export`, `prepare`, `deliver` and `synchronize` are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { StageFlags } from '../actions/stages.ts'
import { describedCommand, type Example, type Runner } from '../command.ts'
import { withModeOption } from '../mode-option.ts'

const work = () => import('../actions/stages.ts')

export function exportCommand(run: Runner): Command {
  const command = withModeOption(
    stageCommand('export', 'Run the export program of a source, or check that its files exist.', [
      { command: 'sluice export hr', says: 'as the next run needs it' },
      { command: 'sluice export hr --mode complete', says: 'everything' },
    ]),
  )
  return command.action((name: string) =>
    run(work, ({ exportOne }, context) => exportOne(context, name, flagsOf(command))),
  )
}

export function prepareCommand(run: Runner): Command {
  const command = withModeOption(
    stageCommand('prepare', 'Cleanse, sort and compare what was exported, ready to be delivered.', [
      { command: 'sluice prepare hr', says: 'into the outbox of the source' },
      { command: 'sluice prepare hr --mode complete', says: 'everything, compared at the server' },
    ]),
  ).option('--folder <FOLDER>', "read the files of this folder in place of the source's")
  return command.action((name: string) =>
    run(work, ({ prepareOne }, context) => prepareOne(context, name, flagsOf(command))),
  )
}

export function deliverCommand(run: Runner): Command {
  const command = stageCommand(
    'deliver',
    'Deliver what was prepared; may be repeated until the server has all of it.',
    [
      { command: 'sluice deliver hr', says: 'all that waits in the outbox, in order' },
      { command: 'sluice deliver hr --as-they-are', says: 'with files that you changed by hand' },
    ],
  ).option(
    '--as-they-are',
    'deliver the files of the outbox as they are, changed by hand or written by your own script',
  )
  return command.action((name: string) =>
    run(work, ({ deliverOne }, context) => deliverOne(context, name, flagsOf(command))),
  )
}

export function synchronizeCommand(run: Runner): Command {
  const command = stageCommand(
    'synchronize',
    'Apply what was delivered, or is in open tables: compare, check the thresholds, apply all or nothing.',
    [
      { command: 'sluice synchronize hr', says: 'everything that is delivered' },
      { command: 'sluice synchronize cmdb --dry-run', says: 'what open tables would change' },
      { command: 'sluice synchronize hr --force', says: 'even what a threshold holds' },
    ],
  )
    .option('--force', 'apply even what exceeds a threshold, and what is held already')
    .option('--dry-run', 'of a source with open tables: say what would change; write nothing')
  return command.action((name: string) =>
    run(work, ({ synchronizeOne }, context) => synchronizeOne(context, name, flagsOf(command))),
  )
}

function stageCommand(name: string, description: string, examples: readonly Example[]): Command {
  return describedCommand(name, description, examples)
    .argument('<SOURCE>', 'name of a source')
    .option('--json', 'print one JSON document and nothing else')
}

function flagsOf(command: Command): StageFlags {
  return command.optsWithGlobals<StageFlags>()
}
