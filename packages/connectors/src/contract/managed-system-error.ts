/**
 * What a connector throws when a managed system does not do what is asked of it.
 *
 * @module
 */

/** A failure of the managed system, or of the way to it, in words for people. Whoever runs the connector gives it its code. */
export class ManagedSystemError extends Error {
  /** What to do about it: a sentence. */
  readonly remedy: string | undefined
  /** It may succeed a moment later, so the export begins again. */
  readonly passing: boolean
  /** Milliseconds that the system asks to wait before. */
  readonly retryAfter: number | undefined

  constructor(
    message: string,
    {
      remedy,
      passing = false,
      retryAfter,
      cause,
    }: {
      readonly remedy?: string | undefined
      readonly passing?: boolean
      readonly retryAfter?: number | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause })
    this.name = 'ManagedSystemError'
    this.remedy = remedy
    this.passing = passing
    this.retryAfter = retryAfter
  }
}

/** What the operating system says of a connection that may be better a moment later. */
const passingCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])

/** Whether what went wrong may be right a moment later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ManagedSystemError) return error.passing
  return error instanceof Error && 'code' in error && passingCodes.has(String(error.code))
}

const whys: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was broken',
  ENOTFOUND: 'there is no such host',
  EPIPE: 'the connection was broken',
  ETIMEDOUT: 'it did not answer in time',
}

/** A failure of a socket as a sentence; `place` is host and port. */
export function connectionFailure(place: string, cause: unknown): ManagedSystemError {
  if (cause instanceof ManagedSystemError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const reason = whys[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new ManagedSystemError(`${place} cannot be reached: ${reason.replace(/\.$/, '')}.`, {
    remedy: 'Look at the address, and whether the system runs and a firewall lets the connection through.',
    passing: mayPass(cause),
    cause,
  })
}
