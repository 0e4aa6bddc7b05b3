/**
 * How `sluice replicas` is called.
 *
 * @module
 */
import type { ReplicaStatus } from '@sluice/model'
import { type Command, Option } from 'commander'
import type { ReplicasFlags } from '../actions/replicas.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'
import { stateOption } from '../state-option.ts'
import { parseSince } from '../until-option.ts'

const work = () => import('../actions/replicas.ts')

export function replicasCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'replicas',
      'List the rows of a source that shares its resources: status, resource, what is wrong.',
      [
        { command: 'sluice replicas cmdb --errors', says: 'what could not be applied, and why' },
        { command: 'sluice replicas cmdb Server --status new', says: 'of one entity type' },
        {
          command: 'sluice replicas cmdb --not-seen-since 30d',
          says: 'what the source has not mentioned for a month',
        },
        { command: 'sluice replicas cmdb --table', says: 'which tables to fill, by psql or any ETL tool' },
      ],
    )
      .argument('<SOURCE>', 'name of a source')
      .argument('[TYPE]', 'name of an entity type; all that the source shares when not given'),
    'replicas',
  )
    .addOption(
      stateOption<ReplicaStatus>('--status <STATUS>', 'only those in this status', {
        new: true,
        synchronized: true,
        modified: true,
        orphan: true,
        obsolete: true,
      }),
    )
    .option('--errors', 'only those with an error or a warning')
    .addOption(
      new Option(
        '--not-seen-since <WHEN>',
        'only those last seen before an instant, or so long ago',
      ).argParser(parseSince),
    )
    .option('--table', 'print the names of the tables and of their columns in place of what is in them')
  return command.action((source: string, type: string | undefined) =>
    run(work, ({ replicas }, context) =>
      replicas(context, source, type, command.optsWithGlobals<ReplicasFlags>()),
    ),
  )
}
