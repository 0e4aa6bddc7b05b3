import { expect, test } from 'vitest'
import { isFilter } from './filter-syntax.ts'

test.each([
  '(objectClass=*)',
  '(&(objectClass=person)(!(uid=admin*))(|(a>=1)(b<=2)(c~=d)))',
  '(cn=Smith \\28Ann\\29)',
  '(cn;lang-de=Müller)',
  '(userAccountControl:1.2.840.113556.1.4.803:=2)',
  '(cn:dn:caseExactMatch:=Ann)',
  '(1.3.6.1=x)',
  '(description=)',
])('a filter is %s', (text) => {
  expect(isFilter(text)).toBe(true)
})

test.each([
  'objectClass=*',
  '(&(uid=a)',
  '(uid=a))',
  '(uid=a)(uid=b)',
  '(&)',
  '(!(a=b)(c=d))',
  '(uid)',
  '(=a)',
  '(cn=Smith (Ann))',
  '(cn=a\\b)',
  '(uid=a) ',
  '',
])('no filter is %j', (text) => {
  expect(isFilter(text)).toBe(false)
})
