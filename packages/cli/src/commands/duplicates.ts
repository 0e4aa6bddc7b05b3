/**
 * How `sluice duplicates` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { DuplicatesFlags } from '../actions/duplicates.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'

const work = () => import('../actions/duplicates.ts')

export function duplicatesCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'duplicates',
      'Find possible duplicates: resources with the same values in the properties that a reconciliation rule compares.',
      [
        { command: 'sluice duplicates Person', says: 'by the rules by which sources find people' },
        { command: 'sluice duplicates Server --by serial', says: 'by a property, or several' },
        { command: "sluice resource merge Person '#1007' '#1019'", says: 'makes two of them one' },
        { command: "sluice resource distinct Person '#1007' '#1019'", says: 'marks them as distinct' },
      ],
    ).argument('<TYPE>', 'name of an entity type'),
    'groups',
  ).option('--by <NAMES>', 'properties in which they agree, separated by commas')
  return command.action((type: string) =>
    run(work, ({ duplicates }, context) =>
      duplicates(context, type, command.optsWithGlobals<DuplicatesFlags>()),
    ),
  )
}
