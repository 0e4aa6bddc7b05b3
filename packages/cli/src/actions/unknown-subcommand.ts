import { suggestion } from '@sluice/model'
import type { Command } from 'commander'
import { WrongUsageError } from '../wrong-usage-error.ts'

/** Commander takes it for an argument of a command that does something without a subcommand, too. */
export async function refuseUnknownSubcommand(name: string, command: Command): Promise<never> {
  const known = command.commands.map((one) => one.name())
  const remedy = suggestion(name, known) ?? `sluice ${command.name()} --help`
  throw new WrongUsageError(`Unknown command '${name}'.`, remedy)
}
