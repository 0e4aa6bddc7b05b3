/**
 * `sluice help`: the help of a command, or a topic.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { formatTopic } from '../output/topic.ts'
import { isTopic, readTopic, topics } from '../topics.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

export async function help(
  { out }: Context,
  program: Command,
  names: readonly string[],
): Promise<ExitStatus> {
  const [first, ...more] = names
  // No command has the name of a topic.
  if (first !== undefined && more.length === 0 && isTopic(first))
    await out.write(formatTopic(out.hint(await readTopic(first)), out.colors))
  else commandNamed(program, names).outputHelp()
  return exitStatus.done
}

function commandNamed(program: Command, names: readonly string[]): Command {
  let command = program
  for (const name of names) {
    const below = command.commands.find((one) => one.name() === name || one.aliases().includes(name))
    if (below === undefined) throw unknown(program, command, name)
    command = below
  }
  return command
}

function unknown(program: Command, command: Command, name: string): WrongUsageError {
  const known = [
    ...command.commands.map((one) => one.name()),
    ...(command === program ? Object.keys(topics) : []),
  ]
  const what = command === program ? 'no command and no topic' : `no command of \`sluice ${command.name()}\``
  return new WrongUsageError(`There is ${what} called "${name}".`, suggestion(name, known) ?? 'sluice --help')
}
