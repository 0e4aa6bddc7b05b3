/**
 * `sluice model apply`: lets the repository's tables follow the model.
 *
 * Synchronizing does this by itself where nothing is lost; this command is for what would lose
 * stored values, which must be asked for.
 *
 * @module
 */
import { type Context, configurationOf, type GlobalOptions, localProjectOf, serverOf } from '../context.ts'
import { exitStatus } from '../exit-status.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export interface ApplyFlags extends GlobalOptions {
  readonly allowLoss?: boolean
  readonly local?: boolean
}

export async function applyModel(context: Context, flags: ApplyFlags) {
  const { server = (await configurationOf(context, flags)).agent.server } = serverOf(context, flags)
  if (server !== undefined && flags.local !== true) {
    throw new WrongUsageError(
      `The model is applied where the repository is; it cannot be done through the server ${server}.`,
      'sluice model apply on the machine of the server; or, for a repository of this project: sluice model apply --local',
    )
  }
  await using project = await localProjectOf(context, flags)
  await context.out.line(
    `The repository at ${project.repository.database.location} has the tables of the model.`,
  )
  return exitStatus.done
}
