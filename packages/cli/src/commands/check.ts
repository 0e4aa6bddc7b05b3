/**
 * How `sluice check` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { CheckOptions } from '../actions/check.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/check.ts')

export function checkCommand(run: Runner): Command {
  const command = describedCommand(
    'check',
    'Check the configuration, the model and the mappings, and that mapped columns exist in the files.',
    [
      { command: 'sluice check', says: 'findings as file:line:column, exit status 1 when there are errors' },
      {
        command: 'sluice check --deep',
        says: 'connect, read the first 1000 rows of each file, and show what would be rejected',
      },
      { command: 'sluice check --json', says: 'the same for scripts and editors' },
    ],
  )
    .option('--deep', 'connect too, and read and type the first 1000 rows of each file; nothing is written')
    .option('--json', 'print the findings as one JSON array')
  return command.action(() =>
    run(work, ({ check }, context) => check(context, command.optsWithGlobals<CheckOptions>())),
  )
}
