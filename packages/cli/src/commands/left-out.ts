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
      'List the names that references and links wait for, because nothing that is stored answers to them: each once, with how many wait for it.',
      [
        { command: 'sluice orphans', says: 'of all sources, those that most wait for first' },
        { command: 'sluice orphans hr --csv > orphans.csv', says: 'all of one source, for whoever owns it' },
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
      'List the rows that are left out as the sources stand now, each with file, line and reason: those of the last applied run of each.',
      [
        { command: 'sluice rejected', says: 'of all sources' },
        { command: 'sluice rejected hr --reasons', says: 'how many rows for which reason' },
        {
          command: 'sluice rejected hr --csv > rejected.csv',
          says: 'all of them, for whoever owns the source',
        },
        { command: 'sluice rejected hr --duplicates', says: 'rows of which another one was taken' },
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
          'in place of them the rows of one source whose key another row has, as they were prepared last in this folder',
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
