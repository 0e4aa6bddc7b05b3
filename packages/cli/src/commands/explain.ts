/**
 * How `sluice explain` is called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ExplainFlags } from '../actions/explain.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/explain.ts')

export function explainCommand(run: Runner): Command {
  const command = describedCommand(
    'explain',
    'Explain a resource: which source sets which value, since which run, its links and its history.',
    [
      { command: 'sluice explain Person 1007', says: 'by the key a source gives it' },
      {
        command: 'sluice explain Person "Grace O\'Neill" --json',
        says: 'by its display property, for a script',
      },
    ],
  )
    .argument('<TYPE>', 'name of an entity type')
    .argument('<KEY>', 'its key in a source, its display property, or its resource id')
    .option('--json', 'print one JSON document')
  return command.action((type: string, key: string) =>
    run(work, ({ explain }, context) => explain(context, type, key, command.optsWithGlobals<ExplainFlags>())),
  )
}
