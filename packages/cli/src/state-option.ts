/**
 * The option that asks for those in one of some states, and may be repeated.
 *
 * @module
 */
import { InvalidArgumentError, Option } from 'commander'

/**
 * `all` is named here too, as a help text does not load the model. The compiler holds its keys to the states there are.
 *
 * @param says What it leaves, for the help.
 */
export function stateOption<State extends string>(
  flags: string,
  says: string,
  all: Readonly<Record<State, true>>,
): Option {
  const states = Object.keys(all)
  const list = states.join(', ')
  return new Option(flags, `${says} (${list}); may be repeated`).argParser(
    (text, previous: readonly string[] = []): readonly string[] => {
      if (!states.includes(text)) throw new InvalidArgumentError(`It must be one of ${list}.`)
      return [...previous, text]
    },
  )
}
