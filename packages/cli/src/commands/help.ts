/**
 * How `sluice help` is called, and which topics it knows beside commands.
 *
 * @module
 */
import type { Command } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { topics } from '../topics.ts'

const work = () => import('../actions/help.ts')

/** For the help of the whole program. */
export function formatTopics(): string {
  const width = Math.max(...Object.keys(topics).map((name) => name.length))
  const lines = Object.entries(topics).map(([name, says]) => `  ${name.padEnd(width)}   ${says}`)
  return ['', 'Topics, for `sluice help TOPIC`:', ...lines].join('\n')
}

export function helpCommand(run: Runner): Command {
  const command = describedCommand('help', 'Show the help of a command, or tell about a topic.', [
    { command: 'sluice help runs show', says: 'as sluice runs show --help' },
    { command: 'sluice help held', says: 'a run is held: what now?' },
  ]).argument('[TOPIC...]', 'a topic, or a command and the one below it')
  return command.action((names: readonly string[]) =>
    run(work, ({ help }, context) => help(context, command.parent ?? command, names), { withoutLocks: true }),
  )
}
