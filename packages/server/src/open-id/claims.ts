/**
 * What a provider says of a person, as the account that it is to be.
 *
 * @module
 */
import { type AccountRole, accountNameSchema, type OpenIdConnectSettings } from '@sluice/model'
import type { KnownElsewhere } from '@sluice/repository'
import { NoRoleError, OpenIdConnectError } from '../server-errors.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Stands for everybody whom the provider knows. */
const everybody = '*'

/** Throws where the person has no name that an account can have, or no role. */
export function personOf(
  claims: Claims,
  { issuer, subject }: Pick<KnownElsewhere, 'issuer' | 'subject'>,
  settings: Pick<OpenIdConnectSettings, 'name' | 'roles'>,
): KnownElsewhere {
  const name = accountNameSchema.safeParse(claimAt(claims, settings.name) ?? claims['email'])
  if (!name.success)
    throw new OpenIdConnectError(
      `the claim "${settings.name}" of the provider holds no name that an account can have`,
    )
  const role = roleOf(claims, settings.roles)
  if (role === undefined) throw new NoRoleError(name.data, settings.roles.claim)
  const { email } = claims
  return { issuer, subject, name: name.data, role, email: typeof email === 'string' ? email : undefined }
}

export function roleOf(
  claims: Claims,
  { claim, groups }: OpenIdConnectSettings['roles'],
): AccountRole | undefined {
  const own = [claimAt(claims, claim) ?? []].flat().map(String)
  const found = groups.find(([, names]) => names.some((name) => name === everybody || own.includes(name)))
  return found?.[0]
}

/** Of that name, or along the dots in it: Keycloak has `realm_access.roles`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = Object.entries(value).find(([key]) => key === part)?.[1]
  }
  return value
}
