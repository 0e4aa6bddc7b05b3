/**
 * How `sluice prune` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { PruneFlags } from '../actions/prune.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/prune.ts')

export function pruneCommand(run: Runner): Command {
  const command = describedCommand(
    'prune',
    'Remove what `retention` in sluice.yaml keeps no longer: old history, runs, rejected rows, deliveries, executions, notifications, and files in the work folder. A server does so by itself.',
    [
      { command: 'sluice prune --dry-run', says: 'what would be removed, and what it takes' },
      {
        command: 'sluice prune',
        says: 'beside runs that go on; stop it with Ctrl-C, and the next one goes on',
      },
    ],
  )
    .option('--dry-run', 'show what would be removed; remove nothing')
    .option('--json', 'print the result as one JSON document')
  return command.action(() =>
    run(work, ({ prune }, context) => prune(context, command.optsWithGlobals<PruneFlags>())),
  )
}
