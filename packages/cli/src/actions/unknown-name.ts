import { suggestion } from '@sluice/model'
import type { Command } from 'commander'
import { topics } from '../topics.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

/** Nobody can be helped with `name`, be it below a command or as the first. Loaded for nothing else. */
export function unknownName(program: Command, command: Command, name: string): WrongUsageError {
  const known = [
    ...command.commands.map((one) => one.name()),
    ...(command === program ? Object.keys(topics) : []),
  ]
  const what = command === program ? 'no command and no topic' : `no command of \`sluice ${command.name()}\``
  return new WrongUsageError(`There is ${what} called "${name}".`, suggestion(name, known) ?? 'sluice --help')
}
