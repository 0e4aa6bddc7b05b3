/**
 * Whether a password would be seen on its way.
 *
 * @module
 */
import { isLoopback } from '@sluice/model'
import type { DirectoryConnection } from './options.ts'

export function* unencryptedPassword({ url, startTls, user }: DirectoryConnection): Generator<string> {
  const { hostname, protocol } = new URL(url)
  if (protocol === 'ldap:' && startTls !== true && user !== undefined && !isLoopback(hostname))
    yield 'The password is sent without encryption: use ldaps://, or startTls: true.'
}
