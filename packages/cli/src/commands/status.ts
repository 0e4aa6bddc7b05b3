/**
 * How `sluice status` is called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { StatusFlags } from '../actions/status.ts'
import { describedCommand, type Runner } from '../command.ts'

export function statusCommand(run: Runner): Command {
  const command = describedCommand(
    'status',
    'Show the state of all sources, what needs attention, and the next command; the worst first.',
    [
      { command: 'sluice status', says: 'all sources, and what to do next' },
      { command: 'sluice status hr ad', says: 'these' },
      { command: 'sluice status --json', says: 'for scripts: also what each needs, and why' },
      {
        command: 'sluice status --server https://sluice.example',
        says: 'from anywhere, with a token in SLUICE_TOKEN',
      },
    ],
  )
    .argument('[SOURCES...]', 'names of sources; all when none is given')
    .addOption(new Option('--csv', 'print them as CSV').conflicts('json'))
    .option('--json', 'print them as one JSON document')
  return command.action((sources: readonly string[]) =>
    run(
      () => import('../actions/status.ts'),
      ({ status }, context) => status(context, sources, command.optsWithGlobals<StatusFlags>()),
    ),
  )
}
