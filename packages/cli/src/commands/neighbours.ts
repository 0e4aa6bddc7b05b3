/**
 * How `sluice neighbours` is called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { NeighboursFlags } from '../actions/graph.ts'
import { describedCommand, type Runner } from '../command.ts'
import { parseDepth, withGraphOptions } from '../graph-options.ts'

const work = () => import('../actions/graph.ts')

export function neighboursCommand(run: Runner): Command {
  const command = withGraphOptions(
    describedCommand(
      'neighbours',
      'Show the links and references of a resource, in both directions, as a tree or a picture.',
      [
        {
          command: 'sluice neighbours Server web1 --depth 2',
          says: 'its neighbours, and theirs',
        },
        { command: 'sluice neighbours Person 1007 --association Membership', says: 'along one kind of link' },
        { command: 'sluice neighbours Server web1 --out web1.svg', says: 'as a picture' },
      ],
    )
      .argument('<TYPE>', 'name of an entity type')
      .argument('<KEY>', 'its key in a source, its display property, or its resource id')
      .addOption(
        new Option('--depth <N>', 'no further than so many links away, or "all"; 1 when not given').argParser(
          parseDepth,
        ),
      )
      .option(
        '--association <NAMES>',
        'associations and references (manager, or Person.manager) to go along, separated by commas; all when not given',
      )
      .addOption(
        new Option('--direction <DIRECTION>', 'along links as they point, against that, or both')
          .choices(['out', 'in', 'both'])
          .default('both'),
      ),
  )
  return command.action((type: string, key: string) =>
    run(work, ({ neighbours }, context) =>
      neighbours(context, type, key, command.optsWithGlobals<NeighboursFlags>()),
    ),
  )
}
