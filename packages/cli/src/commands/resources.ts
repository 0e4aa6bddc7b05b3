/**
 * How `sluice resources` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ResourcesFlags } from '../actions/resources.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withRecordOptions } from '../record-options.ts'

const work = () => import('../actions/resources.ts')

export function resourcesCommand(run: Runner): Command {
  const command = withRecordOptions(
    describedCommand(
      'resources',
      'List the resources of an entity type and of the types that extend it; without one, the types and how many there are of each.',
      [
        { command: 'sluice resources', says: 'which types there are' },
        {
          command: "sluice resources Person --where 'name~smith' --where active=true",
          says: 'those that fulfil all conditions',
        },
        {
          command: "sluice resources Person --where 'name~smith or mail~smith' --count",
          says: 'how many fulfil one of two',
        },
        { command: 'sluice resources Person --columns name,department', says: 'some properties' },
        { command: 'sluice resources Person --csv > people.csv', says: 'all, for a spreadsheet' },
        { command: "sluice resources Person --json | jq '.[].values.email'", says: 'all, for a script' },
      ],
    ).argument('[TYPE]', 'name of an entity type'),
    'resources',
  )
    .option('--columns <NAMES>', 'properties to show, separated by commas; also resourceId and entityType')
    .option(
      '--sort <NAMES>',
      'properties to order them by, separated by commas; -name for the other way; by resource id when not given',
    )
    .option('--count', 'how many there are, in place of them')
  return command.action((type: string | undefined) =>
    run(work, ({ resources }, context) =>
      resources(context, type, command.optsWithGlobals<ResourcesFlags>()),
    ),
  )
}
