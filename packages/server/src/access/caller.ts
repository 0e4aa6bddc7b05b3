/**
 * Who asks: a token, what its role permits, which sources it reaches.
 *
 * @module
 */
import { type Permission, permitted, type Role, roles, type Token } from '@sluice/model'
import { NotPermittedError } from '../server-errors.ts'

export interface Caller {
  /** Name of the token; decisions about held runs are recorded under it. */
  readonly name: string
  readonly role: Role
  readonly sources: readonly string[]
  readonly permissions: readonly Permission[]
}

export function callerOf({ name, role, sources }: Token): Caller {
  return { name, role, sources, permissions: permitted[role] }
}

export function requirePermission(caller: Caller, permission: Permission): void {
  if (caller.permissions.includes(permission)) return
  const others = roles.filter((role) => permitted[role].includes(permission))
  throw new NotPermittedError(caller.name, caller.role, permission, others)
}

/** Says whether the caller may see and deliver the source. */
export function reaches(caller: Caller, source: string): boolean {
  return caller.role !== 'agent' || caller.sources.includes(source)
}
