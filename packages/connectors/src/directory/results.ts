/**
 * What the results of a server mean, in words, and whether they may be others a moment later (RFC 4511, appendix A).
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { accountRefusalOf } from './account-refusals.ts'
import type { Result } from './messages.ts'

export const resultCodes = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  insufficientRights: 50,
  unwilling: 53,
  other: 80,
  syncRefreshRequired: 4096,
} as const

const invalidCredentials = 49

interface Meaning {
  readonly says: string
  readonly remedy?: string
  readonly passing?: true
}

const truncated = 'it sent only a part of the entries, which is not used'
const meanings: Readonly<Record<number, Meaning>> = {
  3: {
    says: `its time limit was exceeded: ${truncated}`,
    remedy: 'Raise the limit for this user at the server.',
  },
  4: {
    says: `its size limit was exceeded: ${truncated}`,
    remedy: 'Raise the limit for this user at the server, or read in pages with pageSize.',
  },
  7: {
    says: 'it knows no such way to show who connects',
    remedy: 'Use user and password, or a certificate.',
  },
  8: {
    says: 'it wants to know who connects, or an encrypted connection',
    remedy: 'Give user and password, and use ldaps:// or startTls.',
  },
  10: { says: 'another server holds these entries', remedy: 'Name that server as url, or another base.' },
  11: {
    says: `a limit of its administrator was exceeded: ${truncated}`,
    remedy: 'Raise the limit for this user at the server.',
  },
  12: {
    says: 'it does not support what is needed',
    remedy: 'Choose another way with changes; pageSize: 0 where it knows no pages.',
  },
  13: { says: 'it wants an encrypted connection', remedy: 'Use ldaps:// or startTls.' },
  32: {
    says: 'there is no such entry, or this user may not see it',
    remedy: 'Look at base, and at the rights of the user.',
  },
  34: { says: 'this is no distinguished name', remedy: 'Write it like ou=people,dc=example,dc=org.' },
  48: { says: 'it does not take this kind of user', remedy: 'Give user and password.' },
  49: {
    says: 'user or password are wrong',
    remedy: 'Look at user and password; the user is a whole distinguished name.',
  },
  50: { says: 'this user has not the right', remedy: 'Give the user the right to read and search there.' },
  51: { says: 'it is busy', passing: true },
  52: { says: 'it is not available', passing: true },
  53: { says: 'it is not willing to do this' },
}

/** `doing` completes "… failed": what was asked of which server. */
export function refusalOf(
  doing: string,
  { code, message }: Pick<Result, 'code' | 'message'>,
): ManagedSystemError {
  const account = code === invalidCredentials ? accountRefusalOf(message) : undefined
  const { says, remedy, passing }: Meaning = account ??
    meanings[code] ?? { says: `it answers with the result ${code}` }
  const own = message.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  return new ManagedSystemError(`${doing} failed: ${says}${own === '' ? '' : ` (${own})`}.`, {
    remedy,
    passing: passing ?? false,
  })
}
