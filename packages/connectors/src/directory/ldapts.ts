/**
 * The library that knows how LDAP is written: loaded when a directory is read, and not before.
 *
 * Its messages, filters and BER are used; its client is not. That keeps all entries of an answer in memory, and breaks off at
 * intermediate responses, which content synchronization is made of: docs/decisions/0076.
 *
 * @module
 */

export type Ldapts = typeof import('ldapts')

export function loadLdapts(): Promise<Ldapts> {
  return import('ldapts')
}
