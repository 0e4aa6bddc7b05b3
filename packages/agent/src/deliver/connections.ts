/**
 * The connections to a server: with the certificates they trust, and through the proxy that the environment names.
 *
 * As elsewhere, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in small letters) say which; this machine itself is
 * always reached directly.
 *
 * @module
 */
import { rootCertificates } from 'node:tls'
import { isLoopback } from '@sluice/model'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { ProxyAddressError } from './server-link-errors.ts'

export interface ConnectionOptions {
  /** Address of the server. */
  readonly server: string
  /** A certificate in PEM format, trusted besides the public authorities. */
  readonly authority?: string | undefined
  /** Where the proxy is looked up; none is used when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** Milliseconds. A sealed delivery of many gigabytes may be summed up before the answer comes. */
const timeouts = { connect: 10_000, answer: 300_000, silence: 120_000 }

/** Throws `ProxyAddressError` for a proxy that nobody could reach. */
export function openConnections({ server, authority, environment = {} }: ConnectionOptions): Dispatcher {
  const connect = {
    timeout: timeouts.connect,
    ...(authority === undefined ? {} : { ca: [...rootCertificates, authority] }),
  }
  const options = { connect, headersTimeout: timeouts.answer, bodyTimeout: timeouts.silence }
  if (isLoopback(new URL(server).hostname)) return new Agent(options)
  const named = (name: string) => environment[name] || environment[name.toUpperCase()] || ''
  return new EnvHttpProxyAgent({
    ...options,
    requestTls: connect,
    proxyTls: connect,
    // Never absent, or the process's own environment would be asked.
    httpProxy: proxyUrl('HTTP_PROXY', named('http_proxy')),
    httpsProxy: proxyUrl('HTTPS_PROXY', named('https_proxy')),
    noProxy: named('no_proxy'),
  })
}

/** People leave out the scheme; what is no address at all is reported with the name of its variable. */
function proxyUrl(variable: string, text: string): string {
  if (text === '') return ''
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new ProxyAddressError(variable)
  return url
}
