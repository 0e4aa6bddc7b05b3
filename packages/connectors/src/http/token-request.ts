/**
 * How a token is asked for (OAuth 2.0), and what the answer says.
 *
 * @module
 */
import type { SecretReference } from '@sluice/model'
import { z } from 'zod'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Authentication } from './http-settings.ts'
import { readAccountKey, signedAssertion } from './signed-assertion.ts'

export interface TokenRequest {
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

export interface AccessToken {
  readonly value: string
  /** For so long it is good. */
  readonly seconds: number
}

export type AskForToken = (request: TokenRequest) => Promise<AccessToken>

type WithToken = Extract<Authentication, { readonly kind: 'client-credentials' | 'service-account' }>

export async function tokenRequestOf(
  how: WithToken,
  secret: (reference: SecretReference) => Promise<string>,
): Promise<TokenRequest> {
  if (how.kind === 'service-account') {
    const key = readAccountKey(await secret(how.key))
    const url = how.tokenAddress ?? key.token_uri ?? 'https://oauth2.googleapis.com/token'
    const now = Math.floor(Date.now() / 1000)
    const subject = how.subject === undefined ? undefined : String(how.subject)
    const assertion = signedAssertion(key, { audience: url, scope: String(how.scope), subject, now })
    return {
      url,
      form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
      headers: {},
    }
  }
  const id = String(how.client)
  const word = await secret(how.secret)
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(word)}`).toString('base64')
  return {
    url: how.tokenAddress,
    form: {
      grant_type: 'client_credentials',
      ...(how.scope === undefined ? {} : { scope: String(how.scope) }),
      ...Object.fromEntries(
        Object.entries(how.parameters ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      ...(how.sent === 'header' ? {} : { client_id: id, client_secret: word }),
    },
    headers: how.sent === 'header' ? { authorization: `Basic ${basic}` } : {},
  }
}

const answerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.union([z.number(), z.string().transform(Number)]).optional(),
})

/** Seconds that a token is good for, where the answer says nothing of it. */
const usualLifetime = 300

export function accessTokenOf(place: string, text: string): AccessToken {
  try {
    const { access_token: value, expires_in: seconds = usualLifetime } = answerSchema.parse(JSON.parse(text))
    return { value, seconds: Number.isFinite(seconds) ? seconds : usualLifetime }
  } catch {
    throw new ManagedSystemError(`${place} answers with no token.`, {
      remedy: 'Look at the address where tokens are asked for.',
    })
  }
}
