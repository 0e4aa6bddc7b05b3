/**
 * How people sign in at a server: defaults filled in, and the provider of OpenID Connect looked at.
 *
 * @module
 */
import type { AccountRole } from '../access/account.ts'
import type { Secret } from '../notification/receiver.ts'
import { millisecondsOf } from './common-schema.ts'
import { findingCodes } from './finding.ts'
import { isLoopback } from './loopback.ts'
import { resolveSecret, type SecretContext } from './resolve-secret.ts'
import type { SignInInput } from './sign-in-schema.ts'

/** How people sign in. Times in milliseconds. */
export interface SignInSettings {
  readonly sessions: { readonly idle: number; readonly longest: number }
  readonly openIdConnect?: OpenIdConnectSettings | undefined
}

export interface OpenIdConnectSettings {
  readonly issuer: string
  readonly clientId: string
  /** None of a public client. */
  readonly clientSecret?: Secret | undefined
  readonly scopes: readonly string[]
  /** The claim that names a person. */
  readonly name: string
  /** The claim that holds the groups, and who gets which role, the most powerful first. */
  readonly roles: {
    readonly claim: string
    readonly groups: readonly (readonly [role: AccountRole, groups: readonly string[]])[]
  }
  readonly label: string
}

/** The most powerful first. */
const inOrder = ['admin', 'operator', 'editor', 'viewer'] as const
const path = ['server', 'signIn', 'openIdConnect']

export function resolveSignIn(
  context: SecretContext,
  { sessions, openIdConnect }: SignInInput = {},
): SignInSettings {
  return {
    sessions: {
      idle: millisecondsOf(sessions?.idle ?? '12h'),
      longest: millisecondsOf(sessions?.longest ?? '7d'),
    },
    openIdConnect: openIdConnect && resolveOpenIdConnect(context, openIdConnect),
  }
}

function resolveOpenIdConnect(
  context: SecretContext,
  input: NonNullable<SignInInput['openIdConnect']>,
): OpenIdConnectSettings | undefined {
  const { file, findings } = context
  const groups = inOrder.map((role) => [role, (input.roles[role] ?? []).map(String)] as const)
  if (groups.every(([, names]) => names.length === 0)) {
    const message = 'No group has a role, so nobody could sign in through OpenID Connect.'
    findings.add(findingCodes.wrongValue, file.placeOf([...path, 'roles'], 'key'), message, {
      remedy: 'Name groups, such as {admin: [sluice-admins], viewer: [staff]}.',
    })
  }
  const issuer = issuerOf(context, input.issuer)
  const clientSecret = resolveSecret(context, { path, key: 'clientSecret' })
  if (issuer === undefined) return undefined
  const text = (key: string, otherwise: string) => file.textAt([...path, key]) ?? otherwise
  return {
    issuer,
    clientId: text('clientId', String(input.clientId)),
    clientSecret,
    scopes: [...new Set(['openid', ...(input.scopes ?? ['profile', 'email']).map(String)])],
    name: text('name', 'preferred_username'),
    roles: { claim: file.textAt([...path, 'roles', 'claim']) ?? 'groups', groups },
    label: text('label', 'single sign-on'),
  }
}

function issuerOf({ file, findings }: SecretContext, issuer: string): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === ''
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (plain && safe) return issuer
  const message = `"${plain ? issuer : 'The issuer'}" is not the address of a provider of OpenID Connect.`
  findings.add(findingCodes.wrongValue, file.placeOf([...path, 'issuer']), message, {
    remedy: 'Write for example https://login.example.org; http only for this machine itself.',
  })
  return undefined
}
