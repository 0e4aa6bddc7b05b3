/**
 * The connections to a system that speaks HTTP: with the certificates they trust, and through the proxy that the environment names.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { isLoopback, millisecondsOf } from '@sluice/model'
import type { Dispatcher } from 'undici'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { HttpSettings } from './http-settings.ts'

/** Milliseconds. */
const connectTimeout = 20_000

/** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` count, but for this machine itself. */
export async function openConnections(
  { address, certificateAuthority, limits }: HttpSettings,
  context: Pick<ConnectorContext, 'resolvePath'>,
): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici')
  const authority =
    certificateAuthority === undefined
      ? undefined
      : await readAuthority(context.resolvePath(certificateAuthority))
  const connect = {
    timeout: connectTimeout,
    ...(authority === undefined ? {} : { ca: [...rootCertificates, authority] }),
  }
  const silence = millisecondsOf(limits?.answerWithin ?? '2m')
  const connections = limits?.concurrent ?? 4
  const options = { connect, connections, headersTimeout: silence, bodyTimeout: silence }
  if (isLoopback(new URL(address).hostname)) return new Agent(options)
  return new EnvHttpProxyAgent({ ...options, requestTls: connect, proxyTls: connect })
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ManagedSystemError(`The certificate authority ${path} cannot be read.`, {
      remedy: 'Look at certificateAuthority.',
      cause,
    })
  }
}
