/**
 * What all commands are made of: a description, examples below the help, an action that answers
 * with an exit status.
 *
 * @module
 */
import { Command, InvalidArgumentError } from 'commander'
import type { Context } from './context.ts'
import type { ExitStatus } from './exit-status.ts'

/**
 * Loads what a command needs, lets it work in the process's context and keeps its exit status. What a command looks like
 * is known without any of that, so that a help text does not wait for a database's driver.
 */
export type Runner = <Actions>(
  load: () => Promise<Actions>,
  work: (actions: Actions, context: Context) => Promise<ExitStatus>,
  options?: {
    /** It takes no lock, and so need not load what tells of those that others hold: for what is asked at every keystroke. */
    readonly withoutLocks?: boolean
  },
) => Promise<void>

export interface Example {
  readonly command: string
  readonly says: string
}

/** A command with its examples; names, arguments and options are added by the caller. */
export function describedCommand(
  name: string,
  description: string,
  examples: readonly Example[] = [],
): Command {
  const command = new Command(name)
    .summary(summaryOf(description))
    .description(description)
    .helpOption('-h, --help', 'show this help')
  return examples.length === 0 ? command : command.addHelpText('after', formatExamples(examples))
}

/** More characters do not fit into two lines of a list. */
const longestSummary = 140

/** Its first sentence, for lists of commands; of a long one what stands before its colon. */
function summaryOf(description: string): string {
  const [sentence = ''] = description.split(/[;\n]|\.(?=\s|$)/, 1)
  const [clause = ''] = sentence.split(':', 1)
  return `${sentence.length > longestSummary ? clause : sentence}.`
}

/**
 * Lets a command that others stand below work by itself, too. Commander would hand it the name of an unknown one as an
 * argument, and a mistyped `show` would list.
 */
export function withActionOfItsOwn(command: Command, run: Runner, work: () => Promise<void>): Command {
  return command.allowExcessArguments().action(() => {
    const [unknown] = command.args
    if (unknown === undefined) return work()
    return run(
      () => import('./actions/unknown-subcommand.ts'),
      ({ refuseUnknownSubcommand }) => refuseUnknownSubcommand(unknown, command),
    )
  })
}

export function formatExamples(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ command }) => command.length))
  return [
    '',
    'Examples:',
    ...examples.map(({ command, says }) => `  ${command.padEnd(width)}   ${says}`),
  ].join('\n')
}

/** For arguments that name a run. */
export function parseRunNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('It must be the number of a run, as `sluice runs` lists them.')
  return Number(text)
}
