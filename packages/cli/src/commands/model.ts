/**
 * `sluice model apply`: lets the repository's tables follow the model.
 *
 * Synchronizing does this by itself where nothing is lost; this command is for what would lose
 * stored values, which must be asked for.
 *
 * @module
 */
import { type Command, Option } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { type Context, configurationOf, type GlobalOptions, localProjectOf, serverOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

interface ApplyFlags extends GlobalOptions {
  readonly allowLoss?: boolean
  readonly local?: boolean
}

export function modelCommand(run: Runner): Command {
  const apply = describedCommand(
    'apply',
    "Bring the repository's tables up to the model of the configuration.",
    [
      { command: 'sluice model apply', says: 'what loses nothing; refuses the rest and lists it' },
      { command: 'sluice model apply --allow-loss', says: 'also what drops stored values' },
    ],
  )
    .addOption(
      new Option('--allow-loss', 'drop stored values where the model no longer has a place for them'),
    )
    .option('--local', 'on the repository itself, even where a server is configured')
  apply.action(() => run((context) => applyModel(context, apply.optsWithGlobals<ApplyFlags>())))
  return describedCommand('model', 'Carry changes of the model into the repository.').addCommand(apply)
}

async function applyModel(context: Context, flags: ApplyFlags) {
  const { server = (await configurationOf(context, flags)).agent.server } = serverOf(context, flags)
  if (server !== undefined && flags.local !== true) {
    throw new WrongUsageError(
      `The model is carried into a repository where that is, not through the server ${server}.`,
      'sluice model apply on the machine of the server; or, for a repository of this project: sluice model apply --local',
    )
  }
  await using project = await localProjectOf(context, flags)
  await context.out.line(`The repository at ${project.repository.database.location} follows the model.`)
  return exitStatus.done
}
