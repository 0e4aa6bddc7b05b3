/**
 * Requests that pages of others make a browser send, with the cookie of whoever looks at them: they are refused.
 *
 * A page of another origin cannot set our header without asking first, which no answer of ours permits; and where the browser says from where it
 * comes, that has to be here. (SameSite=Strict keeps the cookie away from them as well; sites that share a domain are one to it.)
 *
 * @module
 */
import { ForeignRequestError } from '../server-errors.ts'

/** Of all that our own pages ask. */
const consoleHeader = 'x-sluice-console'

interface Asking {
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Throws where a request that may change something is not that of our own page. */
export function refuseForeign({ method, headers }: Asking): void {
  if (method === 'GET') return
  const site = headers['sec-fetch-site']
  if (headers[consoleHeader] === '1' && (site === undefined || site === 'same-origin')) return
  throw new ForeignRequestError()
}
