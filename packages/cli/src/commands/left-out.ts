/**
 * How `sluice orphans` and `sluice rejected` are called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { LeftOutFlags, RejectedFlags } from '../actions/left-out.ts'
import { describedCommand, type Runner } from '../command.ts'
import { withShapeOptions } from '../record-options.ts'

const work = () => import('../actions/left-out.ts')

export function orphansCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'orphans',
      'List orphans: names that references and links refer to, but that no stored resource has. Each name once, with the number of references and links that wait for it.',
      [
        { command: 'sluice orphans', says: 'of all sources, the most wanted first' },
        { command: 'sluice orphans hr --csv > orphans.csv', says: 'all of one source, for its owner' },
      ],
    ).argument('[SOURCES...]', 'names of sources; all when none is given'),
    'names',
  )
  return command.action((sources: readonly string[]) =>
    run(work, ({ orphans }, context) => orphans(context, sources, command.optsWithGlobals<LeftOutFlags>())),
  )
}

export function rejectedCommand(run: Runner): Command {
  const command = withShapeOptions(
    describedCommand(
      'rejected',
      'List the rows that the last applied run of each source rejected, each with file, line and reason.',
      [
        { command: 'sluice rejected', says: 'of all sources' },
        { command: 'sluice rejected hr --reasons', says: 'how many rows for which reason' },
        {
          command: 'sluice rejected hr --csv > rejected.csv',
          says: 'all of them, for the owner of the source',
        },
        { command: 'sluice rejected hr --duplicates', says: 'rows with a key that another row has' },
        { command: 'sluice runs rejected 7', says: 'those of one run' },
      ],
    )
      .argument('[SOURCES...]', 'names of sources; all when none is given')
      .addOption(
        new Option('--reasons', 'how many rows for which reason, in place of the rows').conflicts([
          'duplicates',
          'nullKeys',
        ]),
      )
      .addOption(
        new Option(
          '--duplicates',
          'instead, the rows of one source whose key another row has, from the last preparation in this folder',
        ).conflicts('nullKeys'),
      )
      .option('--null-keys', 'the same of rows without a key'),
    'rows',
  )
  return command.action((sources: readonly string[]) =>
    run(work, ({ rejected }, context) =>
      rejected(context, sources, command.optsWithGlobals<RejectedFlags>()),
    ),
  )
}
