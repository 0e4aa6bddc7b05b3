/**
 * The provider of OpenID Connect: found by its address, asked where people sign in, and who has come back.
 *
 * @module
 */
import { readText } from '@sluice/files'
import type { OpenIdConnectSettings } from '@sluice/model'
import type { KnownElsewhere, OpenIdSignIn } from '@sluice/repository'
import type { Configuration } from 'openid-client'
import { OpenIdConnectError } from '../server-errors.ts'
import { personOf } from './claims.ts'

/** Seconds that one request to the provider may take. */
const timeout = 10
/** Milliseconds for which is believed what the provider has said of itself. */
const believedFor = 3_600_000

export interface Provider {
  /** Where the browser is sent, and what is to be kept until it comes back. */
  begin(redirectUri: string): Promise<{ readonly url: URL; readonly kept: Omit<OpenIdSignIn, 'returnTo'> }>
  /** @param came The address that the browser came back to, with what the provider has put into it. */
  finish(came: URL, kept: Omit<OpenIdSignIn, 'returnTo'>): Promise<KnownElsewhere>
}

export function openProvider(settings: OpenIdConnectSettings): Provider {
  // Loaded when the first person signs in, and not with every server.
  const library = () => import('openid-client')
  const configuration = remembered(() => discover(settings))
  return {
    async begin(redirectUri) {
      const client = await library()
      const found = await configuration()
      const kept = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      }
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state: kept.state,
        nonce: kept.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(kept.codeVerifier),
        code_challenge_method: 'S256',
      })
      return { url, kept }
    },
    async finish(came, { state, nonce, codeVerifier }) {
      const client = await library()
      const found = await configuration()
      const tokens = await client
        .authorizationCodeGrant(found, came, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw new OpenIdConnectError(reasonOf(error), error)
        })
      const claims = tokens.claims()
      if (claims === undefined) throw new OpenIdConnectError('the provider has not said who it is')
      const { sub: subject, iss: issuer } = claims
      const more = await userInfo(found, tokens.access_token, subject)
      return personOf({ ...more, ...claims }, { issuer, subject }, settings)
    },
  }
}

/** Groups are often said there alone. */
async function userInfo(found: Configuration, token: string, subject: string) {
  if (found.serverMetadata().userinfo_endpoint === undefined) return {}
  const { fetchUserInfo } = await import('openid-client')
  return await fetchUserInfo(found, token, subject).catch((error: unknown) => {
    throw new OpenIdConnectError(reasonOf(error), error)
  })
}

async function discover(settings: OpenIdConnectSettings): Promise<Configuration> {
  const { allowInsecureRequests, discovery } = await import('openid-client')
  const server = new URL(settings.issuer)
  const secret = await secretOf(settings)
  const authentication = await authenticationBy(secret)
  const find = () =>
    discovery(server, settings.clientId, undefined, authentication, {
      timeout,
      // The configuration lets no other be without encryption than one on this machine itself.
      execute: server.protocol === 'http:' ? [allowInsecureRequests] : [],
    })
  return await find()
    .catch(find)
    .catch((error: unknown) => {
      throw new OpenIdConnectError(
        `the provider ${settings.issuer} cannot be used (${reasonOf(error)})`,
        error,
      )
    })
}

/** In the header, as the standard wants it, or in the body where the provider takes it there alone. */
async function authenticationBy(secret: string | undefined) {
  const { ClientSecretBasic, ClientSecretPost, None } = await import('openid-client')
  if (secret === undefined) return None()
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (...[as, ...rest]: Parameters<typeof basic>) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = as
    return methods.includes('client_secret_basic') ? basic(as, ...rest) : post(as, ...rest)
  }
}

async function secretOf({ clientSecret }: OpenIdConnectSettings): Promise<string | undefined> {
  switch (clientSecret?.kind) {
    case undefined:
      return undefined
    case 'known':
      return clientSecret.text
    case 'file':
      return (await readText(clientSecret.path)).trim()
    case 'missing':
      throw new OpenIdConnectError(`${clientSecret.written} was not set when the server started`)
  }
}

function reasonOf(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const text = deepest instanceof Error ? deepest.message : String(deepest)
  return text.replace(/\.$/, '').slice(0, 300)
}

/** What was found, for a while; what failed is looked for again. */
function remembered<T>(find: () => Promise<T>): () => Promise<T> {
  let last: { readonly found: Promise<T>; readonly at: number } | undefined
  return () => {
    const now = performance.now()
    if (last !== undefined && now - last.at < believedFor) return last.found
    const found = find()
    last = { found, at: now }
    found.catch(() => {
      last = undefined
    })
    return found
  }
}
