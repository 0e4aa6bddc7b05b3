/**
 * How `sluice model apply` is called.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import type { ApplyFlags } from '../actions/model.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/model.ts')

export function modelCommand(run: Runner): Command {
  const apply = describedCommand(
    'apply',
    'Change the tables of the repository so that they fit the model of the configuration.',
    [
      { command: 'sluice model apply', says: 'changes that lose no data; refuses and lists the others' },
      { command: 'sluice model apply --allow-loss', says: 'also changes that lose stored values' },
    ],
  )
    .addOption(
      new Option('--allow-loss', 'drop stored values where the model no longer has a place for them'),
    )
    .option('--local', 'on the repository itself, even where a server is configured')
  apply.action(() =>
    run(work, ({ applyModel }, context) => applyModel(context, apply.optsWithGlobals<ApplyFlags>())),
  )
  return describedCommand('model', 'Apply changes of the model to the repository.').addCommand(apply)
}
