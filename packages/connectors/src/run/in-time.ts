/**
 * Work of a connector that ends in time, whether it listens or not.
 *
 * @module
 */
import { ConnectorTimeoutError } from './connector-errors.ts'

interface InTime {
  readonly source: string
  /** Milliseconds. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** The result of `work`; throws `ConnectorTimeoutError`, or the reason of `signal`, as soon as it should have ended. */
export async function inTime<T>(
  { source, timeout, signal }: InTime,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const over = new AbortController()
  const late = () => over.abort(new ConnectorTimeoutError(source, timeout))
  const stop = () => over.abort(signal?.reason)
  const timer = setTimeout(late, timeout)
  signal?.addEventListener('abort', stop, { once: true })
  const aborted = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true })
  })
  try {
    return await Promise.race([work(over.signal), aborted])
  } catch (error) {
    // What ended it is the reason, and not what the end led to.
    over.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
