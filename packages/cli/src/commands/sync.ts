/**
 * How `sluice sync` and `sluice plan` are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { SyncFlags } from '../actions/sync.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withModeOption } from '../mode-option.ts'

const work = () => import('../actions/sync.ts')

export function syncCommand(run: Runner): Command {
  const command = withSourceOptions(
    describedCommand(
      'sync',
      'Synchronize sources: read their files, compare, weigh the changes, apply all or nothing.',
      [
        { command: 'sluice sync', says: 'every source, in the order they are written' },
        { command: 'sluice sync hr --mode complete', says: 'one source, compared as a whole' },
        { command: 'sluice sync hr --mode incremental', says: 'only what changed since its last delivery' },
        { command: 'sluice sync hr --dry-run', says: 'as `sluice plan hr`: only say what would change' },
        { command: 'sluice sync hr --force', says: 'apply even what a threshold would hold' },
        { command: 'sluice sync hr --json | jq .state', says: 'for scripts: one JSON document' },
      ],
    ).argument('[SOURCE...]', 'names of sources; all of them when none is given'),
  )
    .option('--force', 'apply even what exceeds a threshold')
    .option('--dry-run', 'say what would change and what would hold it; write nothing')
  return command.action((names: string[]) =>
    run(work, ({ sync }, context) => sync(context, names, command.optsWithGlobals<SyncFlags>())),
  )
}

export function planCommand(run: Runner): Command {
  const command = withSourceOptions(
    describedCommand(
      'plan',
      'Say what synchronizing a source would change and what would hold it; write nothing.',
      [
        { command: 'sluice plan hr', says: 'counts and the first changes of each kind' },
        {
          command: 'sluice plan hr --folder new/',
          says: "with the files of another folder in place of the source's",
        },
      ],
    ).argument('<SOURCE>', 'name of a source'),
  )
  return command.action((name: string) =>
    run(work, ({ sync }, context) =>
      sync(context, [name], { ...command.optsWithGlobals<SyncFlags>(), dryRun: true }),
    ),
  )
}

function withSourceOptions(command: Command): Command {
  return withModeOption(command)
    .option('--folder <FOLDER>', "read the files of this folder in place of the source's")
    .option('--json', 'print one JSON document and nothing else')
    .option('-q, --quiet', 'no progress, and no report unless something needs attention')
}
