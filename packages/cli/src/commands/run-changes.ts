/**
 * How `sluice runs changes` and `sluice runs rejected` are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { ChangesFlags } from '../actions/run-changes.ts'
import type { RunsFlags } from '../actions/runs-flags.ts'
import { describedCommand, parseRunNumber, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'

const work = () => import('../actions/run-changes.ts')

export function changesCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand('changes', 'List the changes a run made, or would make when it is held.', [
      { command: 'sluice runs changes 3', says: 'the first ones' },
      { command: 'sluice runs changes 3 --csv > changes.csv', says: 'all, for a spreadsheet' },
      { command: 'sluice runs changes 3 --type Person --operation delete', says: 'who would be deleted' },
      { command: 'sluice runs changes 3 --property department', says: 'whose department changes' },
      { command: 'sluice runs changes 3 --drift', says: 'what drift it repaired' },
    ])
      .argument('<RUN>', 'number of the run', parseRunNumber)
      .option('--type <NAME>', 'only those of this entity type or association')
      .option('--key <KEY>', 'only those of resources with this key, and of links with an end of this name')
      .addOption(new Option('--operation <OPERATION>', 'only these').choices(['insert', 'update', 'delete']))
      .option('--property <NAME>', 'only those in which this property changes')
      .option('--drift', 'only drift that a complete repaired: missed before, or changed by somebody else'),
    'changes',
  )
  return command.action((id: number) =>
    run(work, ({ changes }, context) => changes(context, id, command.optsWithGlobals<ChangesFlags>())),
  )
}

export function rejectedCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand('rejected', 'List the rows a run rejected, each with file, line and reason.').argument(
      '<RUN>',
      'number of the run',
      parseRunNumber,
    ),
    'rows',
  )
  return command.action((id: number) =>
    run(work, ({ rejected }, context) => rejected(context, id, command.optsWithGlobals<RunsFlags>())),
  )
}
