/**
 * How `sluice reconcile` and the command below it are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { ReconcileFlags } from '../actions/reconcile.ts'
import { describedCommand, type Runner } from '../command.ts'
import { collectValue } from '../given-value.ts'

const work = () => import('../actions/reconcile.ts')

export function reconcileCommand(run: Runner): Command {
  return describedCommand('reconcile', 'Test how rows find their resources.', [
    { command: 'sluice reconcile test doors --row badge=B-505', says: 'what such a row would find' },
  ]).addCommand(testCommand(run))
}

function testCommand(run: Runner): Command {
  const command = describedCommand(
    'test',
    'Show which resources rows would find: by which rule, with which values, and why not by the others. Nothing is written.',
    [
      { command: 'sluice reconcile test ad Person --row number=1007 name=Ada', says: 'one row' },
      { command: 'sluice reconcile test ad --file rows.csv', says: 'its header names properties' },
    ],
  )
    .argument('<SOURCE>', 'name of the source whose rules are tried out')
    .argument('[TYPE]', 'name of an entity type, where the source fills several')
    .option(
      '--row <VALUES...>',
      'name=value of each property, as it would be stored; name= says that there is no value; primary_key=KEY is the key of the row',
      collectValue,
    )
    .option('--file <FILE>', 'try out the rows of a CSV, each by itself')
    .option('--json', 'print what was found as one JSON array')
  return command.action((source: string, type: string | undefined) =>
    run(work, ({ test }, context) => test(context, source, type, command.optsWithGlobals<ReconcileFlags>())),
  )
}
