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
    'Let go what has disappeared from sources for long enough, though they say nothing: rows that were not seen for the full load interval, resources whose retention is over.',
    [
      { command: 'sluice age', says: 'every source of which anything can age' },
      { command: 'sluice age cmdb --dry-run', says: 'what has aged' },
      { command: 'sluice age cmdb --force', says: 'even what a threshold would hold' },
    ],
  )
    .argument('[SOURCE...]', 'names of sources; all of which anything can age when none is given')
    .option('--force', 'apply even what exceeds a threshold')
    .option('--dry-run', 'say what would change and what would hold it; write nothing')
    .option('--json', 'print the reports as one JSON document, null where nothing has aged')
  return command.action((names: string[]) =>
    run(work, ({ age }, context) => age(context, names, command.optsWithGlobals<AgeFlags>())),
  )
}
