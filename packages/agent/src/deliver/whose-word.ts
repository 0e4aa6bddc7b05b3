/**
 * Whose word it is when a request fails: only the server's own says anything about what was sent.
 *
 * @module
 */
import { RemoteError, UnexpectedAnswerError, UnreachableServerError } from '@sluice/protocol'
import { isTransient } from './with-retry.ts'

/** The server itself will never take what was sent. Whatever else is in its way can be mended, and what was sent waits. */
export function isFinal(error: unknown): error is RemoteError {
  return error instanceof RemoteError && error.verdict === 'final'
}

/** The server was not reached, or somebody answered in its place: it has not said anything. */
export function isNoWordOfServer(error: unknown): boolean {
  if (error instanceof RemoteError) return isTransient(error) || !error.isOwnWord
  return (
    isTransient(error) || error instanceof UnexpectedAnswerError || error instanceof UnreachableServerError
  )
}
