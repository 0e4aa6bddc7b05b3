/**
 * Why there is no answer at all, in words.
 *
 * @module
 */
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'

const whys: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'it cannot be reached in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stopped on the way',
  UND_ERR_SOCKET: 'the connection was broken',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is not all there',
  UND_ERR_ABORTED: 'the connection was broken',
}

/** What OpenSSL and Node call what they do not trust. */
const ofCertificate =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/

/** @param host With its port. */
export function connectionProblem(host: string, error: unknown): ManagedSystemError {
  if (error instanceof ManagedSystemError) return error
  const cause = innermost(error)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (ofCertificate.test(code))
    return new ManagedSystemError(`The certificate of ${host} is refused: ${messageOf(cause)}.`, {
      remedy: 'Name the authority that vouches for it with certificateAuthority.',
      cause,
    })
  const why = whys[code]
  if (why === undefined && !code.startsWith('HPE_')) return connectionFailure(host, cause)
  return new ManagedSystemError(`${host} failed: ${why ?? 'it does not answer with HTTP'}.`, {
    passing: why !== undefined,
    cause,
  })
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}

function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}
