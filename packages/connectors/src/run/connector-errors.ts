/**
 * What can go wrong with a connector. Whatever it is, its files are not used.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import { kept } from '../folder/export-errors.ts'

/**
 * SLUICE-CONNECT-01: a connector cannot be loaded.
 *
 * Nothing has its name, or the module of the project or the npm package that has it does not export a connector. `sluice connectors`
 * lists those that Sluice brings along.
 */
export class ConnectorUnknownError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-01'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, problem: string, remedy: string | undefined) {
    super(`The connector of "${source}" cannot be loaded: ${problem}`, { remedy, details: { source } })
  }
}

/**
 * SLUICE-CONNECT-02: an npm package that a connector needs is not installed.
 *
 * Packages of connectors are not installed with Sluice, so that nobody installs what they do not use. The message names the command.
 */
export class ConnectorPackageMissingError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-02'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(kind: string, packages: readonly string[]) {
    super(`The connector ${kind} needs ${packages.join(' and ')}, which is not installed.`, {
      remedy: `Install it where Sluice is installed: npm install ${packages.join(' ')}`,
      details: { kind, packages },
    })
  }
}

/**
 * SLUICE-CONNECT-03: a connector could not read its managed system.
 *
 * The message says what the system answered, or why it did not. What may pass, such as a lost connection, was tried again before, as
 * often as `export.retries` says. The files of the export before stay where they are.
 */
export class ConnectorFailedError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-03'
  readonly blame = 'source'
  readonly retry: boolean

  constructor(
    source: string,
    reason: string,
    {
      remedy,
      passing,
      attempts,
      cause,
    }: {
      readonly remedy: string | undefined
      readonly passing: boolean
      readonly attempts: number
      readonly cause: unknown
    },
  ) {
    const often = attempts > 1 ? ` It was tried ${attempts} times.` : ''
    super(`The managed system of "${source}" could not be read: ${reason}${often}`, {
      remedy: remedy ?? kept,
      details: { source, attempts },
      cause,
    })
    this.retry = passing
  }
}

/**
 * SLUICE-CONNECT-04: an export by a connector took too long and was stopped.
 *
 * Give it more time with `export.timeout`, or read less: fewer attributes, a narrower filter, only changes.
 */
export class ConnectorTimeoutError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-04'
  readonly blame = 'source'
  readonly retry = false

  constructor(source: string, milliseconds: number) {
    super(`The export of "${source}" was stopped because it did not end within ${milliseconds / 1000} s.`, {
      remedy: `Give it more time with export.timeout, or read less. ${kept}`,
      details: { source, milliseconds },
    })
  }
}

/**
 * SLUICE-CONNECT-05: a secret that a connector needs cannot be found.
 *
 * The environment variable is not set in the process that runs the export, the file cannot be read, or the command failed. What a
 * command prints is in no message.
 */
export class ConnectorSecretError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-05'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(source: string, reason: string) {
    super(`A secret that the connector of "${source}" needs cannot be found: ${reason}`, {
      remedy: 'Look at the options of its export, on the machine where the export runs.',
      details: { source },
    })
  }
}

/**
 * SLUICE-CONNECT-06: the options of a connector cannot be used on this machine.
 *
 * They name environment variables that are not set here: a server may know such a source; whoever exports it has to have them. Or
 * they are not those of the connector.
 */
export class ConnectorOptionsError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-06'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(
    source: string,
    reason: string,
    remedy = 'Set the variable on the machine where the export runs, or correct the options: sluice check',
  ) {
    super(`The options of the connector of "${source}" cannot be used: ${reason}`, {
      remedy,
      details: { source },
    })
  }
}

/**
 * SLUICE-CONNECT-07: the source has no connector that could be asked.
 *
 * Its files lie in a folder, or a program writes them; only a source with `export.connector` has a system to connect to.
 */
export class NoConnectorError extends SluiceError {
  readonly code = 'SLUICE-CONNECT-07'
  readonly blame = 'usage'
  readonly retry = false

  constructor(source: string) {
    super(`The source "${source}" has no connector, so there is nothing to connect to.`, {
      remedy: 'Its files and columns are checked by: sluice check --deep',
      details: { source },
    })
  }
}
