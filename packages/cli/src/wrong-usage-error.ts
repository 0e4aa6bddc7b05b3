import { SluiceError } from '@sluice/model'

/**
 * SLUICE-USAGE-01: the command line is not one that Sluice knows.
 *
 * `sluice --help` lists the commands, `sluice COMMAND --help` the options of one, with examples.
 * The exit status is 2.
 */
export class WrongUsageError extends SluiceError {
  readonly code = 'SLUICE-USAGE-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(message: string, remedy: string) {
    super(message, { remedy })
  }
}
