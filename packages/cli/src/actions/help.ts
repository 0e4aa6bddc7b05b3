/**
 * `sluice help`: the help of a command, or a topic.
 *
 * @module
 */
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatTopic } from '../output/topic.ts'
import { isTopic, readTopic } from '../topics.ts'

export async function help(
  { out }: Context,
  program: Command,
  names: readonly string[],
): Promise<ExitStatus> {
  const [first, ...more] = names
  // No command has the name of a topic.
  if (first !== undefined && more.length === 0 && isTopic(first))
    await out.write(formatTopic(out.hint(await readTopic(first)), out.colors))
  else (await commandNamed(program, names)).outputHelp()
  return exitStatus.done
}

async function commandNamed(program: Command, names: readonly string[]): Promise<Command> {
  let command = program
  for (const name of names) {
    const below = command.commands.find((one) => one.name() === name || one.aliases().includes(name))
    if (below === undefined) {
      const { unknownName } = await import('./unknown-name.ts')
      throw unknownName(program, command, name)
    }
    command = below
  }
  return command
}
