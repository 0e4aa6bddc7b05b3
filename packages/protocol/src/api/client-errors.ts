/**
 * What can go wrong between here and a server.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'
import type { ErrorDocument } from './error-document.ts'

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
          : `Look whether the proxy at ${proxy} is right, which HTTPS_PROXY or HTTP_PROXY names.`,
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
    return `Look whether it speaks HTTP there: ${server.replace(/^https:/, 'http:')}`
  const there = 'Look whether `sluice server` runs there, and whether the address is right'
  return reason === 'UND_ERR_SOCKET' && server.startsWith('http:') ? `${there} (https?).` : `${there}.`
}

/** SLUICE-REMOTE-02: what answers is no Sluice server, or one of another version. */
export class UnexpectedAnswerError extends SluiceError {
  readonly code = 'SLUICE-REMOTE-02'
  readonly blame = 'usage'
  readonly retry = false

  constructor(server: string, path: string, cause: unknown) {
    super(`What ${server} answers to ${path} is not what a server of this version says.`, {
      cause,
      remedy: 'Look whether the address is that of `sluice server`, and whether both are of one version.',
    })
  }
}

const codes = {
  /**
   * The answer is no error of Sluice: it comes from a proxy in between, or from another kind of server. Its status
   * stands in the message; the log of the proxy says more.
   */
  undocumented: 'SLUICE-REMOTE-03',
} as const

/** The server refused: its own code, message and remedy, so that it reads as if it had happened here. */
export class RemoteError extends SluiceError {
  readonly code: `SLUICE-${string}`
  readonly blame = 'usage'
  /** HTTP status. */
  readonly status: number
  /** As the server says; where the answer is not that of a Sluice server, as its status says. */
  readonly retry: boolean
  /** Seconds after which the server wants to be asked again, when it says so. */
  readonly retryAfter: number | undefined

  constructor(server: string, status: number, document: ErrorDocument | undefined, retryAfter?: number) {
    super(document?.message ?? `${server} answered with status ${status}.`, {
      remedy: document?.remedy ?? 'Look at the log of the server, or of the proxy before it.',
      details: document?.details,
    })
    this.code = document?.code ?? codes.undocumented
    this.status = status
    this.retry = document?.retry ?? (status >= 500 || status === 429 || status === 408)
    this.retryAfter = retryAfter
  }
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
