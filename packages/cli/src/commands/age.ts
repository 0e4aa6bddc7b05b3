/**
 * How `sluice age` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { AgeFlags } from '../actions/age.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/age.ts')

export function ageCommand(run: Runner): Command {
  const command = describedCommand(
    'age',
    'Apply what is due for rows that disappeared from sources, without waiting for the next delivery: rows not seen for their `fullLoadInterval`, and resources whose retention has ended.',
    [
      { command: 'sluice age', says: 'every source that has such an interval or retention' },
      { command: 'sluice age cmdb --dry-run', says: 'what is due' },
      { command: 'sluice age cmdb --force', says: 'even what a threshold would hold' },
    ],
  )
    .argument('[SOURCE...]', 'names of sources; all when not given')
    .option('--force', 'apply even what exceeds a threshold')
    .option('--dry-run', 'show what would change and which thresholds would hold it; write nothing')
    .option('--json', 'print the reports as one JSON document, null where nothing is due')
  return command.action((names: string[]) =>
    run(work, ({ age }, context) => age(context, names, command.optsWithGlobals<AgeFlags>())),
  )
}
