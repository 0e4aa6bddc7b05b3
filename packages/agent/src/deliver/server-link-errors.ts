/**
 * What keeps the agent from asking a server at all.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-DELIVER-11: the token is not valid: it is empty, or holds blanks or more than one line.
 *
 * The secret is the one line that `sluice token create` writes to its standard output. A file into which the standard
 * error was written, too, holds a sentence before it.
 */
export class UnusableTokenError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-11'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(token: string) {
    super(
      `The token ${token === '' ? 'is empty' : 'holds blanks, line breaks or other characters that no token has'}.`,
      {
        remedy:
          'Give the one line that `sluice token create` prints: SLUICE_TOKEN, agent.token or agent.tokenFile.',
      },
    )
  }
}

/**
 * SLUICE-DELIVER-12: the address of the server is not an HTTP URL, or holds a user or a password.
 *
 * It begins with `http://` or `https://`. A server takes a token, and no password.
 */
export class ServerAddressError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-12'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string) {
    const shown = withoutUser(server)
    const what =
      shown === server ? 'is not an HTTP URL' : 'holds a user or a password; the server takes a token'
    super(`The address of the server, "${shown}", ${what}.`, {
      remedy: 'Write it as https://sluice.example.org:8620, in --server, SLUICE_SERVER or agent.server.',
    })
  }
}

/**
 * SLUICE-DELIVER-13: the environment names a proxy whose address is not an HTTP URL.
 *
 * `HTTPS_PROXY` and `HTTP_PROXY` are such as `http://proxy.example.org:3128`; `NO_PROXY` lists the hosts that are reached
 * without it.
 */
export class ProxyAddressError extends SluiceError {
  readonly code = 'SLUICE-DELIVER-13'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(variable: string) {
    // The value may hold a password.
    super(`The address of the proxy in ${variable} is not an HTTP URL.`, {
      remedy: `Write it as http://proxy.example.org:3128, or leave ${variable} unset.`,
      details: { variable },
    })
  }
}

/** What stands before the host may be a password: nobody is shown it, whether the rest is a URL or not. */
function withoutUser(address: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/*/i.exec(address)?.[0] ?? ''
  return `${scheme}${address.slice(Math.max(scheme.length, address.lastIndexOf('@') + 1))}`
}
