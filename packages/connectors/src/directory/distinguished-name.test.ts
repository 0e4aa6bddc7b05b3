import { expect, test } from 'vitest'
import { parentOf } from './distinguished-name.ts'

test.each([
  ['uid=ann,ou=people,dc=example', 'ou=people,dc=example'],
  ['cn=Smith\\, Ann, ou=people', 'ou=people'],
  ['cn=back\\\\,ou=people', 'ou=people'],
  ['dc=example', ''],
  ['', ''],
])('above %s is %s', (dn, parent) => {
  expect(parentOf(dn)).toBe(parent)
})
