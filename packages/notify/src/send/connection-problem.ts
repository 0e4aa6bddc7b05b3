/**
 * Errors of connections in words: Node's own are short, and lie one in another.
 *
 * @module
 */

/** One sentence about a host that could not be talked to. */
export function connectionProblem(host: string, error: unknown, timedOut: boolean): string {
  if (timedOut) return `${host} did not answer in time.`
  const { code, message } = innermost(error)
  if (isOfCertificate(code, message)) return `The certificate of ${host} is refused: ${message}`
  return `${host}: ${message}`
}

interface Facts {
  readonly code: string
  readonly message: string
}

function innermost(error: unknown): Facts {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  if (error.cause instanceof Error) return innermost(error.cause)
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** What OpenSSL and Node call what they do not trust. */
const ofCertificate =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/

function isOfCertificate(code: string, message: string): boolean {
  return ofCertificate.test(code) || /\bcertificate\b/i.test(message)
}
