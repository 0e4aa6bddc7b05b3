import { expect, test } from 'vitest'
import { refusalOf } from './results.ts'

const message = (data: string) =>
  `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${data}, v3839`

test.each([
  ['52e', 'user or password are wrong'],
  ['532', 'the password of this user has expired'],
  ['533', 'the account of this user is disabled'],
  ['775', 'the account of this user is locked'],
])('a refusal with the number %s says that %s', (data, says) => {
  const refusal = refusalOf('Connecting', { code: 49, message: message(data) })
  expect(refusal.message).toContain(`Connecting failed: ${says}`)
  expect(refusal.remedy).toBeDefined()
})

test('a number that nobody knows is shown as it is', () => {
  expect(refusalOf('Connecting', { code: 49, message: message('abc') }).message).toContain('data abc')
})
