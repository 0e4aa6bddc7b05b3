/**
 * Secrets when they are needed: a file may have been replaced since the process started.
 *
 * @module
 */
import { readText } from '@sluice/files'
import { type Secret, SluiceError } from '@sluice/model'

/**
 * SLUICE-NOTIFY-04: a password, a secret or a certificate of a receiver is missing.
 *
 * An environment variable was not set when the process started that sends notifications (the server, or the command that
 * synchronizes), or a file cannot be read. The notification waits, and is tried again.
 */
export class SecretMissingError extends SluiceError {
  readonly code = 'SLUICE-NOTIFY-04'
  readonly blame = 'configuration'
  readonly retry = true

  constructor(what: string, why: string) {
    super(`The ${what} is missing: ${why}`, {
      remedy: 'Set the variable, or correct the file, and start the process again.',
    })
  }
}

/** Throws `SecretMissingError`. */
export async function readSecret(what: string, secret: Secret): Promise<string> {
  switch (secret.kind) {
    case 'known':
      return secret.text
    case 'missing':
      throw new SecretMissingError(what, `${secret.written} was not set when this process started.`)
    case 'file':
      return (await textOf(what, secret.path)).trim()
  }
}

/** A PEM file; `undefined` where none is configured. */
export async function readAuthority(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await textOf('certificate of the authority', path)
}

async function textOf(what: string, path: string): Promise<string> {
  try {
    return await readText(path)
  } catch (error) {
    throw new SecretMissingError(what, error instanceof Error ? error.message : String(error))
  }
}
