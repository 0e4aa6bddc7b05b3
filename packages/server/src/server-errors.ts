/**
 * What a server says no to, and what keeps it from starting.
 *
 * @module
 */
import type { FileFailureError, UnusableFileError } from '@sluice/files'
import { AnsweredError, type Permission, type Role, type RunBy, SluiceError } from '@sluice/model'

/**
 * SLUICE-SERVER-01: the request brings no token, or one that the server does not know (any more); or the session of a browser is over.
 *
 * Send `Authorization: Bearer slc_…`. A token may have expired or been revoked: `sluice token list`. In the console, sign in again.
 */
export class UnauthenticatedError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-01'
  readonly blame = 'usage'
  readonly status = 401
  readonly retry = false

  constructor(brought: 'token' | 'session' | 'nothing') {
    super(sentences[brought], { remedy: brought === 'session' ? 'Sign in again.' : howToBringOne })
  }
}

const sentences = {
  token: 'The token is unknown, expired or revoked.',
  session: 'The session is over.',
  nothing: 'The request has no token.',
} as const
const howToBringOne =
  'Make one with `sluice token create`, and give it in SLUICE_TOKEN, agent.token or agent.tokenFile; in HTTP, in the header "Authorization: Bearer TOKEN".'

/** SLUICE-SERVER-02: the role of the token or the account does not permit this request. Use one of another role. */
export class NotPermittedError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-02'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor({ kind, name }: RunBy, role: Role, permission: Permission, roles: readonly Role[]) {
    const what = kind === 'person' ? 'account' : 'token'
    super(
      `${what === 'account' ? 'Account' : 'Token'} ${name} has the role ${role}, which does not permit this (${permission}).`,
      {
        remedy: `Use a ${what} of the role ${roles.join(' or ')}.`,
        details: { [what]: name, role, permission },
      },
    )
  }
}

/**
 * SLUICE-SERVER-03: not found, or not visible with this token.
 *
 * An agent's token sees only the deliveries, sources and runs of its own sources. A source has to stand in the
 * configuration of the server, too, which is read when the server starts.
 */
export class NothingThereError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-03'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(what: string, remedy = '/docs lists the requests; an agent sees only its own sources.') {
    super(`There is no ${what}.`, { remedy })
  }
}

/**
 * SLUICE-SERVER-15: the server does not know this kind of request.
 *
 * The address has a path that the proxy in front of the server does not remove, or the two have different versions: update the older one.
 */
export class NoSuchAddressError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-15'
  readonly blame = 'usage'
  readonly status: 404 | 405
  readonly retry = false

  /** @param others Methods with which the server answers at this path. */
  constructor(method: string, path: string, others: readonly string[] = []) {
    const there = others.length === 0 ? '' : ` It answers ${others.join(', ')} there.`
    super(`This server has no ${method} ${path}.${there}`, {
      remedy: '/docs lists the requests. Check that agent and server have the same version.',
    })
    this.status = others.length === 0 ? 404 : 405
  }
}

/**
 * SLUICE-SERVER-20: the agent or command line is too old for this server.
 *
 * What an agent has prepared waits in its work folder until it is updated.
 */
export class ClientTooOldError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-20'
  readonly blame = 'usage'
  readonly status = 426
  readonly retry = false

  constructor(version: string) {
    super(`This server (version ${version}) does not understand programs as old as the one that asks.`, {
      remedy: 'Update the agent or the command line to the version of the server.',
    })
  }
}

/** Whether it is the configuration or the token that lacks it is not reported: a token may not find out. */
export function noSuchSource(source: string): NothingThereError {
  return new NothingThereError(
    `source "${source}", or the token was not made for it`,
    `Add ${source} to the sluice.yaml of the server and start it again, or use a token made with --source ${source}.`,
  )
}

/** SLUICE-SERVER-04: the request is not valid. The message says which part of it. */
export class RequestRefusedError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-04'
  readonly blame = 'usage'
  readonly status: number
  /** What came too slowly or too often may come again; what was not understood is not understood the next time either. */
  readonly retry: boolean

  /** @param options Its `status` is one from 400 to 499; 400 when absent. */
  constructor(reason: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(`The request is not valid: ${reason}.`, {
      cause: options.cause,
      remedy: '/docs lists the requests of this server.',
    })
    this.status = options.status ?? 400
    this.retry = this.status === 408 || this.status === 429
  }
}

/**
 * SLUICE-SERVER-05: too many requests in a minute, of one token or from one address.
 *
 * Wait as long as `Retry-After` says. The limit is `server.limits.requestsPerMinute`.
 */
export class TooManyRequestsError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-05'
  readonly blame = 'usage'
  readonly status = 429
  readonly retry = true
  readonly retryAfter: number

  constructor(limit: number, retryAfter: number) {
    super(`More than ${limit} requests in a minute.`, { remedy: `Wait ${retryAfter} seconds.` })
    this.retryAfter = retryAfter
  }
}

/** SLUICE-SERVER-06: the body is encoded in a way this server does not decode. `Accept-Encoding` says what it does. */
export class EncodingUnknownError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-06'
  readonly blame = 'usage'
  readonly status = 415
  readonly retry = false

  constructor(encoding: string, known: string) {
    super(`The body is encoded as ${encoding}, which this server does not decode.`, {
      remedy: `Send it as ${known}.`,
      details: { known: known.split(', ') },
    })
  }
}

/** SLUICE-SERVER-07: the server is being stopped and accepts no new requests. Try again later, or at another server. */
export class StoppingError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-07'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor() {
    super('The server is being stopped.', { remedy: 'Try again in a moment.' })
  }
}

/**
 * SLUICE-SERVER-08: the certificate or its key cannot be used.
 *
 * `server.tls` names two PEM files, which the server's user must be able to read and which belong together.
 */
export class CertificateError extends SluiceError {
  readonly code = 'SLUICE-SERVER-08'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(certificate: string, key: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The certificate ${certificate} with the key ${key} cannot be used: ${reason}.`, {
      cause,
      remedy: 'Name a certificate and its key, both PEM, in server.tls.',
    })
  }
}

/** SLUICE-SERVER-09: the server cannot listen at its address: it is in use, does not belong to this machine, or is not allowed. */
export class AddressError extends SluiceError {
  readonly code = 'SLUICE-SERVER-09'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The server cannot listen at ${address}: ${reason}.`, {
      cause,
      remedy: 'Choose another address: server.listen in sluice.yaml, or --host and --port.',
    })
  }
}

/**
 * SLUICE-SERVER-10: the disk of the server is full.
 *
 * Free space where `server.inbox` is, or give the inbox a larger disk. What agents prepared waits in their outboxes and is
 * delivered when there is room again.
 */
export class ServerDiskFullError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-10'
  readonly blame = 'repository'
  readonly status = 507
  readonly retry = true

  constructor(cause: Error) {
    super('The disk of the server is full.', {
      cause,
      remedy: 'Free space where its inbox is; waiting deliveries are then accepted.',
    })
  }
}

/**
 * SLUICE-SERVER-11: the server cannot use its files.
 *
 * The user has no right to them, the disk is read only or broken, a share is away, too many files are open, somebody has removed a folder
 * of them; the log says which file it is. Agents keep what they have prepared and try again.
 */
export class ServerFilesError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-11'
  readonly blame = 'repository'
  readonly status = 503
  readonly retry = true

  constructor(cause: FileFailureError | UnusableFileError) {
    super(`The server cannot use its files (${cause.what}).`, {
      cause,
      remedy: 'The log of the server names the file and what to do.',
    })
  }
}

/** SLUICE-SERVER-12: the console was not built: a clone of the sources that was installed without running scripts. */
export class ConsoleNotBuiltError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-12'
  readonly blame = 'usage'
  readonly status = 503
  readonly retry = false

  constructor() {
    super('The console was not built.', {
      remedy: 'npm run build --workspace @sluice/console, then start the server again.',
    })
  }
}

/** SLUICE-SERVER-16: name and password do not belong together, or the access token is none. Which of it is wrong is not said. */
export class WrongSignInError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-16'
  readonly blame = 'usage'
  readonly status = 401
  readonly retry = false

  constructor(brought: 'password' | 'token') {
    super(
      brought === 'password'
        ? 'The name or the password is wrong.'
        : 'The token is unknown, expired or revoked.',
      {
        remedy:
          brought === 'password'
            ? 'Type them again. An administrator can set a new password: sluice account set-password NAME'
            : 'Make another one: sluice token create NAME --role ROLE',
      },
    )
  }
}

/**
 * SLUICE-SERVER-17: too many wrong passwords, for this name or from this address.
 *
 * Wait as long as `Retry-After` says. The waits grow with each wrong password, and are forgotten after a right one, or after an hour.
 */
export class TooManySignInsError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-17'
  readonly blame = 'usage'
  readonly status = 429
  readonly retry = true
  /** Seconds. */
  readonly retryAfter: number

  constructor(retryAfter: number) {
    super('There were too many wrong passwords.', { remedy: `Wait ${retryAfter} seconds, then try again.` })
    this.retryAfter = retryAfter
  }
}

/**
 * SLUICE-SERVER-18: the request may come from a page of somebody else.
 *
 * A browser that is signed in sends its cookie with requests that other pages make it send. What changes something is only answered to pages of
 * this server, which add a header that others cannot. Programs send a token in place of the cookie.
 */
export class ForeignRequestError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-18'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor() {
    super('The request may come from a page of somebody else, and nothing was done.', {
      remedy:
        'Programs send a token in the header "Authorization"; pages of this server send "x-sluice-console: 1".',
    })
  }
}

/**
 * SLUICE-SERVER-19: signing in through OpenID Connect failed.
 *
 * The message says what the provider did. It cannot be reached, does not know this server, or the sign-in took longer than 15 minutes or was answered
 * in another browser. The log of the server has the details.
 */
export class OpenIdConnectError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-19'
  readonly blame = 'configuration'
  readonly status = 502
  readonly retry = false

  constructor(reason: string, cause?: unknown) {
    super(`Signing in through OpenID Connect failed: ${reason}.`, {
      cause,
      remedy: 'Try again. If it stays so, check server.signIn.openIdConnect, and the log of the server.',
    })
  }
}

/**
 * SLUICE-SERVER-21: the OpenID Connect provider knows the person, and no role here is meant for any of the groups.
 *
 * Add the person to a group of `server.signIn.openIdConnect.roles`, or name one of the person's groups there.
 */
export class NoRoleError extends AnsweredError {
  readonly code = 'SLUICE-SERVER-21'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor(name: string, claim: string) {
    super(`${name} has no role here: none of the groups (claim "${claim}") is named in the configuration.`, {
      remedy: 'Ask an administrator to add you to a group that has a role.',
      details: { name, claim },
    })
  }
}
