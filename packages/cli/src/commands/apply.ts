/**
 * How `sluice apply` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ApplyFlags } from '../actions/apply.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/apply.ts')

export function applyCommand(run: Runner): Command {
  const command = describedCommand(
    'apply',
    'Apply exactly what a saved plan shows; refused if the source or the repository has changed since.',
    [
      { command: 'sluice plan hr --out hr.plan', says: 'look at it, and keep it' },
      { command: 'sluice apply hr.plan', says: 'exactly that' },
    ],
  )
    .argument('<FILE>', 'what `sluice plan --out` has written')
    .option('--force', 'apply even what exceeds a threshold')
    .option('--json', 'print the report as one JSON document and nothing else')
    .option('-q, --quiet', 'no progress, and no report unless something needs attention')
  return command.action((file: string) =>
    run(work, ({ apply }, context) => apply(context, file, command.optsWithGlobals<ApplyFlags>())),
  )
}
