/**
 * What can go wrong between here and a server.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import type { ErrorDocument } from './error-document.ts'
import { judgeAnswer, type Verdict } from './judge-answer.ts'

/** SLUICE-REMOTE-01: no server answers at this address, or the connection broke; trying again later may help. */
export class UnreachableServerError extends SluiceError {
  readonly code = 'SLUICE-REMOTE-01'
  readonly blame = 'usage'
  /** A certificate does not become better by waiting. */
  readonly retry: boolean

  constructor(server: string, cause: unknown) {
    const reason = reasonOf(cause)
    const proxy = proxyOf(server, cause)
    super(`No server answers at ${server} (${reason}${proxy === undefined ? '' : ` at ${proxy}`}).`, {
      cause,
      remedy:
        proxy === undefined
          ? remedyOf(server, reason)
          : `Check the proxy at ${proxy}, which HTTPS_PROXY or HTTP_PROXY names.`,
    })
    this.retry = !isDistrusted(cause)
  }
}

function isDistrusted(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/.test(code)
}

/** A certificate, or HTTP where HTTPS is spoken, is another matter than a server that is away. */
function remedyOf(server: string, reason: string): string {
  if (/^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(reason))
    return 'Name the authority that signed the certificate, as a PEM file, in agent.certificateAuthority.'
  if (/^ERR_TLS_CERT_ALTNAME/.test(reason))
    return 'Use an address that stands in the certificate, or have the certificate made for this one.'
  if (/^CERT_/.test(reason)) return 'Give the server a certificate that is valid now.'
  if (/^(ERR_SSL_|EPROTO)/.test(reason))
    return `Check whether the server there speaks HTTP: ${server.replace(/^https:/, 'http:')}`
  const there = 'Check that `sluice server` runs there, and that the address is right'
  return reason === 'UND_ERR_SOCKET' && server.startsWith('http:') ? `${there} (https?).` : `${there}.`
}

/** SLUICE-REMOTE-02: the program at this address is not a Sluice server, or one of another version. */
export class UnexpectedAnswerError extends SluiceError {
  readonly code = 'SLUICE-REMOTE-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string, path: string, cause: unknown, answeredBy?: string) {
    const who = answeredBy === undefined ? '' : ` (it says it is ${answeredBy})`
    super(`The answer of ${server}${who} to ${path} is not one of a Sluice server of this version.`, {
      cause,
      remedy: 'Check that the address is that of `sluice server`, and that both have the same version.',
    })
  }
}

/**
 * SLUICE-REMOTE-04: the server is too old for this agent or command line.
 *
 * Servers are updated first. What an agent has prepared waits in its work folder until then.
 */
export class ServerTooOldError extends SluiceError {
  readonly code = 'SLUICE-REMOTE-04'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string, version: string | undefined) {
    super(
      `The server at ${server}${version === undefined ? '' : ` (version ${version})`} is too old for this program.`,
      {
        remedy: 'Update the server; servers are updated before agents.',
      },
    )
  }
}

const codes = {
  /**
   * The answer is not that of a Sluice server: it comes from a proxy in between, from a login page, or from another kind
   * of server. Its status stands in the message, and and the name of the program, if it gives one.
   *
   * Nothing is lost: prepared deliveries wait, and are delivered as soon as the server itself can be reached. Of a request
   * that is too large for a proxy, smaller pieces are tried first; the limit is the proxy's to raise (nginx:
   * `client_max_body_size`).
   */
  undocumented: 'SLUICE-REMOTE-03',
} as const

/** An answer that is no success. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number
  /** The server's own; `undefined` where somebody else answered. */
  readonly document?: ErrorDocument | undefined
  /** Seconds after which it wants to be asked again, when it says so. */
  readonly retryAfter?: number | undefined
  /** What stands in the headers about who answered: `nginx/1.22.1`. */
  readonly answeredBy?: string | undefined
  /** Where a redirect leads. */
  readonly location?: string | undefined
  /** The server speaks an older revision of the protocol than is spoken here; `version` where it says it. */
  readonly older?: { readonly version: string | undefined } | undefined
  /** Bytes of the body that was sent, before they were compressed. */
  readonly sent?: number | undefined
}

/** The server refused: its own code, message and remedy, so that it reads as if it had happened here. */
export class RemoteError extends SluiceError {
  readonly code: `SLUICE-${string}`
  readonly blame = 'usage'
  /** HTTP status. */
  readonly status: number
  readonly verdict: Verdict
  readonly retry: boolean
  /** Seconds after which the server wants to be asked again, when it says so. */
  readonly retryAfter: number | undefined

  constructor(server: string, answer: Refusal) {
    const { status, document, retryAfter } = answer
    super(document?.message ?? foreignMessage(server, answer), {
      remedy: document === undefined ? foreignRemedy(answer) : ownRemedy(document, answer),
      details: document === undefined ? foreignDetails(answer) : document.details,
    })
    this.code = document?.code ?? codes.undocumented
    this.status = status
    this.verdict = judgeAnswer(status, document)
    this.retry = this.verdict === 'again'
    this.retryAfter = retryAfter
  }

  /** The server itself said so. */
  get isOwnWord(): boolean {
    return this.code !== codes.undocumented
  }
}

/** A request that an older server does not know is no mistake of whoever asks. */
function ownRemedy({ code, remedy }: ErrorDocument, { older, status }: Refusal): string | undefined {
  const unknown = code === 'SLUICE-SERVER-15' || status === 400
  if (older === undefined || !unknown) return remedy
  const update = `The server is older than this program${older.version === undefined ? '' : ` (version ${older.version})`}: update it.`
  return remedy === undefined ? update : `${remedy} ${update}`
}

/** The server knows nothing of this name. That an address is unknown to a proxy, or to the server, is another matter. */
export function isNothingThere(error: unknown): boolean {
  return error instanceof RemoteError && error.code === 'SLUICE-SERVER-03'
}

function foreignMessage(server: string, { status, answeredBy, location, sent }: Refusal): string {
  const who = `A proxy before ${server}${answeredBy === undefined ? '' : ` (${answeredBy})`}`
  if (location !== undefined) return `${who} sends requests on to ${location} (status ${status}).`
  if (status === 413 && sent !== undefined)
    return `${who} takes no request as large as ${sent} bytes (status ${status}).`
  return `${who}, or another program at this address, answered instead of the server, with status ${status}.`
}

function foreignRemedy({ status, location }: Refusal): string {
  if (location !== undefined)
    return 'Give the address of the server itself, or let the proxy pass requests that carry a token.'
  if (status === 413) return 'Raise the limit of the proxy; in nginx it is client_max_body_size.'
  return 'Look at the log of the proxy. Prepared deliveries wait until the server can be reached.'
}

function foreignDetails({ status, answeredBy, location, sent }: Refusal) {
  const known = { proxy: answeredBy, location, ...(status === 413 ? { bytes: sent } : {}) }
  return { status, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) }
}

/** The innermost reason: `fetch` wraps the one that tells. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.cause instanceof Error) return reasonOf(cause.cause)
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  // Of a proxy that did not let us through, the message tells more.
  return code === undefined || code === 'UND_ERR_ABORTED' ? cause.message : code
}

/** Where it was another place that did not answer than the server: a proxy on the way. */
function proxyOf(server: string, cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  if (cause.cause instanceof Error) return proxyOf(server, cause.cause)
  const { hostname, port, protocol } = new URL(server)
  if ('hostname' in cause && typeof cause.hostname === 'string') {
    return cause.hostname === hostname ? undefined : cause.hostname
  }
  if (!('address' in cause && 'port' in cause)) return undefined
  const own = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return String(cause.port) === own ? undefined : `${String(cause.address)}:${String(cause.port)}`
}
