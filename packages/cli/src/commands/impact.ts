/**
 * How `sluice impact` is called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { ImpactFlags } from '../actions/graph.ts'
import { describedCommand, type Runner } from '../command.ts'
import { parseDepth, parsePercent, withGraphOptions } from '../graph-options.ts'

const work = () => import('../actions/graph.ts')

export function impactCommand(run: Runner): Command {
  const command = withGraphOptions(
    describedCommand(
      'impact',
      'Show who is impacted when a resource fails: along links that say so, or whose association does.',
      [
        { command: 'sluice impact Server web1', says: 'the greatest impact first' },
        {
          command: 'sluice impact Server web1 --min-weight 50',
          says: 'those that are impacted by half at least',
        },
        { command: 'sluice impact Application shop --upstream', says: 'what it depends on' },
      ],
    )
      .argument('<TYPE>', 'name of an entity type')
      .argument('<KEY>', 'its key in a source, its display property, or its resource id')
      .addOption(
        new Option(
          '--depth <N>',
          'no further than so many links away; as far as there is any impact when not given',
        ).argParser(parseDepth),
      )
      .option('--upstream', 'what it depends on, and not what depends on it')
      .addOption(
        new Option('--min-weight <PERCENT>', 'only what is impacted by so many percent at least').argParser(
          parsePercent,
        ),
      ),
  )
  return command.action((type: string, key: string) =>
    run(work, ({ impact }, context) => impact(context, type, key, command.optsWithGlobals<ImpactFlags>())),
  )
}
