/**
 * What a service account signs to show who it is: a JSON Web Token (RFC 7523), as Google's key files are made for.
 *
 * @module
 */
import { createPrivateKey, sign } from 'node:crypto'
import { z } from 'zod'
import { ManagedSystemError } from '../contract/managed-system-error.ts'

const keySchema = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.string().optional(),
})
export type AccountKey = z.output<typeof keySchema>

/** Of the text of a key file. */
export function readAccountKey(text: string): AccountKey {
  try {
    return keySchema.parse(JSON.parse(text))
  } catch {
    // What is wrong with it is not shown: it is a secret.
    throw new ManagedSystemError('The key of the service account is no key file.', {
      remedy: 'It is the JSON file that was downloaded when the key was made: key: {file: key.json}',
    })
  }
}

interface Claims {
  readonly audience: string
  readonly scope: string
  readonly subject?: string | undefined
  /** Seconds since 1970. */
  readonly now: number
}

/** Seconds that it is good for. */
const lifetime = 600

export function signedAssertion(key: AccountKey, { audience, scope, subject, now }: Claims): string {
  const header = {
    alg: 'RS256',
    typ: 'JWT',
    ...(key.private_key_id === undefined ? {} : { kid: key.private_key_id }),
  }
  const claims = {
    iss: key.client_email,
    scope,
    aud: audience,
    iat: now,
    exp: now + lifetime,
    ...(subject === undefined ? {} : { sub: subject }),
  }
  const content = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${content}.${signature(content, key.private_key)}`
}

function signature(content: string, pem: string): string {
  try {
    return sign('RSA-SHA256', Buffer.from(content), createPrivateKey(pem)).toString('base64url')
  } catch {
    throw new ManagedSystemError('The private key of the service account cannot be used.', {
      remedy: 'Make a new key, and download its JSON file.',
    })
  }
}
