/**
 * How `sluice sync` and `sluice plan` are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { PlanFlags } from '../actions/plan.ts'
import type { SyncFlags } from '../actions/sync.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withModeOption } from '../mode-option.ts'

const work = () => import('../actions/sync.ts')

export function syncCommand(run: Runner): Command {
  const command = withSourceOptions(
    describedCommand(
      'sync',
      'Synchronize sources: read their files, compare, check the thresholds, apply all or nothing.',
      [
        { command: 'sluice sync', says: 'every source, in the order they are written' },
        { command: 'sluice sync hr --mode complete', says: 'one source, compared as a whole' },
        { command: 'sluice sync hr --mode incremental', says: 'only what changed since its last delivery' },
        { command: 'sluice sync hr --dry-run', says: 'as `sluice plan hr`: only say what would change' },
        { command: 'sluice sync hr --yes', says: 'at a terminal: apply it without being asked' },
        { command: 'sluice sync hr --hold', says: 'compute it, and wait until somebody approves it' },
        { command: 'sluice sync hr --force', says: 'apply even what a threshold would hold' },
        { command: 'sluice sync hr --json | jq .state', says: 'for scripts: one JSON document' },
      ],
    ).argument('[SOURCE...]', 'names of sources; all of them when none is given'),
  )
    .option('--force', 'apply even what exceeds a threshold')
    .option('--dry-run', 'show what would change and which thresholds would hold it; write nothing')
    .option('--hold', 'hold all changes, until `sluice runs approve` or `reject`')
    .option('-y, --yes', 'apply without asking; without a terminal it never asks')
  return command.action((names: string[]) =>
    run(work, ({ sync }, context) => sync(context, names, command.optsWithGlobals<SyncFlags>())),
  )
}

export function planCommand(run: Runner): Command {
  const command = withSourceOptions(
    describedCommand(
      'plan',
      'Show what synchronizing sources would change, and which thresholds would hold it; write nothing.',
      [
        { command: 'sluice plan', says: 'every source, in the order of `sluice sync`, each by itself' },
        { command: 'sluice plan hr', says: 'counts and the first changes of each kind' },
        {
          command: 'sluice plan hr --out hr.plan',
          says: 'for `sluice apply hr.plan`: exactly that, or nothing',
        },
        {
          command: 'sluice plan hr --folder new/',
          says: "with the files of another folder in place of the source's",
        },
      ],
    ).argument('[SOURCE...]', 'names of sources; all of them when none is given'),
  )
    .option('--out <FILE>', 'keep the plan of one source in this file, for `sluice apply`')
    .option('--detailed-exitcode', 'exit status 4 when something would change')
  return command.action((names: string[]) =>
    run(
      () => import('../actions/plan.ts'),
      ({ plan }, context) => plan(context, names, command.optsWithGlobals<PlanFlags>()),
    ),
  )
}

function withSourceOptions(command: Command): Command {
  return withModeOption(command)
    .option('--folder <FOLDER>', "read the files of this folder in place of the source's")
    .option('--json', 'print one JSON document and nothing else')
    .option('-q, --quiet', 'no progress, and no report unless something needs attention')
}
