/**
 * Who asks: a token or a person who is signed in, what the role permits, which sources it reaches.
 *
 * @module
 */
import {
  type AccessSession,
  type Permission,
  permitted,
  type Role,
  type RunBy,
  roles,
  type Token,
} from '@sluice/model'
import type { FoundSession } from '@sluice/repository'
import { NotPermittedError } from '../server-errors.ts'

export interface Caller {
  /** Of the token or the account; decisions about held runs are recorded under it. */
  readonly name: string
  /** As what is changed is recorded. */
  readonly by: RunBy
  readonly role: Role
  readonly sources: readonly string[]
  readonly permissions: readonly Permission[]
  /** Absent where a token came with the request itself. */
  readonly session?: AccessSession | undefined
  /** Whether it is an account with a password of its own. */
  readonly hasPassword: boolean
}

export function callerOf({ name, role, sources }: Token): Caller {
  const by = { kind: 'token', name } as const
  return { name, by, role, sources, permissions: permitted[role], hasPassword: false }
}

/** Whoever has signed in with a token acts as that token. */
export function callerOfSession({ session, role, sources, hasPassword }: FoundSession): Caller {
  const { name, kind } = session
  const by = { kind: kind === 'account' ? 'person' : 'token', name } as const
  return { name, by, role, sources, permissions: permitted[role], session, hasPassword }
}

export function requirePermission({ by, role, permissions }: Caller, permission: Permission): void {
  if (permissions.includes(permission)) return
  const others = roles.filter((one) => permitted[one].includes(permission))
  throw new NotPermittedError(by, role, permission, others)
}

/** Of an agent, which sees its own jobs alone. */
export function tokenOf({ role, name }: Pick<Caller, 'role' | 'name'>): string | undefined {
  return role === 'agent' ? name : undefined
}

/** Says whether the caller may see and deliver the source. */
export function reaches(caller: Caller, source: string): boolean {
  return caller.role !== 'agent' || caller.sources.includes(source)
}
