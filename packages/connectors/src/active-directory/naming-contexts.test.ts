import { expect, test } from 'vitest'
import { comparableName, contextOf } from './naming-contexts.ts'

const contexts = [
  'DC=example,DC=org',
  'CN=Configuration,DC=example,DC=org',
  'CN=Schema,CN=Configuration,DC=example,DC=org',
]

test.each([
  ['OU=People,DC=example,DC=org', 'DC=example,DC=org'],
  ['ou=people, dc = Example, dc=org', 'DC=example,DC=org'],
  ['DC=example,DC=org', 'DC=example,DC=org'],
  ['CN=Sites,CN=Configuration,DC=example,DC=org', 'CN=Configuration,DC=example,DC=org'],
  ['CN=Schema,CN=Configuration,DC=example,DC=org', 'CN=Schema,CN=Configuration,DC=example,DC=org'],
  ['DC=myexample,DC=org', undefined],
  ['DC=org', undefined],
])('%s lies in %s', (dn, context) => {
  expect(contextOf(dn, contexts)).toBe(context)
})

test('a comma that belongs to a name separates nothing', () => {
  expect(comparableName('CN=King\\, Ada, DC=x')).toBe('cn=king\\, ada,dc=x')
})
