/**
 * `--mode`, of all commands that read a source.
 *
 * @module
 */
import type { Mode } from '@sluice/model'
import { type Command, Option } from 'commander'

/** Named here too: a help text does not load the model. The compiler holds them to it. */
const modes = Object.keys({ auto: true, initial: true, complete: true, incremental: true } satisfies Record<
  Mode,
  true
>)

export function withModeOption(command: Command): Command {
  return command.addOption(
    new Option('--mode <MODE>', 'how to compare; the mode of the source when not given').choices(modes),
  )
}
