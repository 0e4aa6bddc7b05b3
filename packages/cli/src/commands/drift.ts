/**
 * How `sluice drift` is called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DriftFlags } from '../actions/drift.ts'
import { describedCommand, type Runner } from '../command.ts'

/** As many as a server gives. */
const mostShown = 1000

export function driftCommand(run: Runner): Command {
  const command = describedCommand(
    'drift',
    'Show drift: what differs between the last delivery of a source and the repository, because somebody else changed it or a run missed it. Nothing is read from the sources, and nothing is written.',
    [
      { command: 'sluice drift', says: 'of every source' },
      { command: 'sluice drift hr --limit 1000', says: 'more changes of each kind' },
      { command: 'sluice drift hr --csv > drift.csv', says: 'a line for each value' },
      { command: 'sluice sync hr --mode complete', says: 'repairs it' },
    ],
  )
    .argument('[SOURCE...]', 'names of sources; all of them when none is given')
    .addOption(
      new Option(
        '--limit <N>',
        `at most so many changes of each kind, up to ${mostShown}; 20 when not given, ${mostShown} as CSV and JSON`,
      ).argParser(parseSample),
    )
    .addOption(new Option('--csv', 'print the changes as CSV').conflicts('json'))
    .option('--json', 'print reports and changes as one JSON document')
    .option('-q, --quiet', 'no progress, and nothing of sources without drift')
  return command.action((names: readonly string[]) =>
    run(
      () => import('../actions/drift.ts'),
      ({ drift }, context) => drift(context, names, command.optsWithGlobals<DriftFlags>()),
    ),
  )
}

function parseSample(text: string): number {
  const number = Number(text)
  if (!/^[1-9]\d{0,3}$/.test(text) || number > mostShown)
    throw new InvalidArgumentError(`It must be a number from 1 to ${mostShown}.`)
  return number
}
