/**
 * What PostgreSQL says when it does not do what is asked, in words for people.
 *
 * @module
 */
import pg from 'pg'
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'

/** By SQLSTATE. */
const remedies: Readonly<Record<string, string>> = {
  '28000': 'Look at the user, and at pg_hba.conf of the server.',
  '28P01': 'Look at the user and the password.',
  '3D000': 'Look at the name of the database at the end of the address.',
  '42501': 'Let the user read it: grant select.',
  '42601': 'Look at the query: it has to be one select.',
  '42703': 'Look at the names of the columns.',
  '42P01': 'Look at the name, with its schema: hr.people.',
  '25006': 'A query may only read.',
}

/** Classes of SQLSTATE that may be well a moment later: connections, resources, an operator's doing, conflicts. */
const passing: ReadonlySet<string> = new Set(['08', '53', '57', '40'])

export function failureOf(place: string, error: unknown): ManagedSystemError {
  if (!(error instanceof pg.DatabaseError)) return connectionFailure(place, error)
  const { message, code = '', hint, cause } = error
  return new ManagedSystemError(`${place}: ${message} (SQLSTATE ${code}).`, {
    remedy: remedies[code] ?? hint,
    passing: passing.has(code.slice(0, 2)),
    cause,
  })
}
