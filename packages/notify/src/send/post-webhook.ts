/**
 * Posts a notification to a webhook: once, signed, following no redirect.
 *
 * @module
 */
import { rootCertificates } from 'node:tls'
import { isLoopback, isWebhookSecret, type WebhookAddress } from '@sluice/model'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { connectionProblem } from './connection-problem.ts'
import type { Attempt, Message } from './message.ts'
import { printableProblem } from './printable-problem.ts'
import { readAuthority, readSecret } from './read-secret.ts'
import { retryAfterOf } from './retry-after.ts'
import { signatureOf } from './sign.ts'
import { webhookDocument } from './webhook-document.ts'

/** Bytes of an answer that are read, so that its connection ends in peace. */
const longestAnswer = 64 << 10

/** Throws `SecretMissingError`. `signal`: ends the attempt; `timeout`: whether that was because it took too long. */
export async function postWebhook(
  address: WebhookAddress,
  message: Message,
  { signal, timeout }: { readonly signal: AbortSignal; readonly timeout: AbortSignal },
): Promise<Attempt> {
  const url = await readSecret('address of the webhook', address.url)
  const secret = address.secret === undefined ? undefined : await readSecret('secret', address.secret)
  if (secret !== undefined && !isWebhookSecret(secret)) {
    return { kind: 'refused', problem: 'The secret is not whsec_ followed by 24 to 64 bytes in Base64.' }
  }
  const authority = await readAuthority(address.certificateAuthority)
  const { host, pathname, search } = new URL(url)
  const secrets = [url, `${pathname}${search}`, secret ?? '']
  const dispatcher = connectionsTo(url, authority)
  try {
    const answer = await request(url, { method: 'POST', dispatcher, signal, ...contentOf(message, secret) })
    await answer.body.dump({ limit: longestAnswer })
    return judge(host, answer)
  } catch (error) {
    const problem = connectionProblem(host, error, timeout.aborted)
    return { kind: 'refused', problem: printableProblem(problem, secrets) }
  } finally {
    await dispatcher.destroy()
  }
}

function contentOf(message: Message, secret: string | undefined) {
  const body = JSON.stringify(webhookDocument(message))
  const timestamp = Math.floor(Date.now() / 1000)
  const { id } = message
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Sluice',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      ...(secret === undefined ? {} : { 'webhook-signature': signatureOf(secret, { id, timestamp, body }) }),
    },
  }
}

function judge(host: string, { statusCode, headers }: Dispatcher.ResponseData): Attempt {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'taken' }
  const redirects = statusCode >= 300 && statusCode < 400 && headers['location'] !== undefined
  const problem = `${host} answered with status ${statusCode}${redirects ? ', a redirect, which is not followed' : ''}.`
  return {
    kind: 'refused',
    problem: printableProblem(problem, []),
    retryAfter: retryAfterOf(headers['retry-after'], Date.now()),
  }
}

/** Through the proxy that the environment of the process names, but for this machine itself. */
function connectionsTo(url: string, authority: string | undefined): Dispatcher {
  const connect = authority === undefined ? {} : { ca: [...rootCertificates, authority] }
  if (isLoopback(new URL(url).hostname)) return new Agent({ connect })
  return new EnvHttpProxyAgent({ connect, requestTls: connect, proxyTls: connect })
}
