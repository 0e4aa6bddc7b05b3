/**
 * Signatures of webhooks, as Standard Webhooks 1.0 has them: whoever knows the secret can tell that the body, the id and the
 * time are ours.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'

/** `secret`: `whsec_` and Base64. `timestamp`: seconds since 1970, of the attempt. `body`: exactly what is sent. */
export function signatureOf(
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
