import type { CommanderError } from 'commander'

/**
 * What Commander did not understand, and of which command. It becomes a `WrongUsageError` where errors are explained,
 * which is loaded for nothing else.
 */
export class Misuse extends Error {
  readonly error: CommanderError
  /** As it is typed: `sluice runs show`. */
  readonly command: string

  constructor(error: CommanderError, command: string) {
    super(error.message, { cause: error })
    this.error = error
    this.command = command
  }
}
