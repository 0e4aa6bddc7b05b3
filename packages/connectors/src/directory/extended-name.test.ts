import { expect, test } from 'vitest'
import { baseOf, nameOf } from './extended-name.ts'

const guid = '7f1ddbd4-3fd6-4528-ac81-26315124fce5'

test.each([
  [`<GUID=${guid}>;<SID=S-1-5-21-1-1102>;CN=Ann,DC=example`, 'CN=Ann,DC=example', guid],
  [`<GUID=${guid.toUpperCase()}>;OU=People,DC=example`, 'OU=People,DC=example', guid],
  ['CN=Ann,DC=example', 'CN=Ann,DC=example', undefined],
  ['<GUID=12>;CN=Ann', '<GUID=12>;CN=Ann', undefined],
])('%s is a name, and perhaps an id', (text, dn, id) => {
  expect(nameOf(text)).toEqual({ dn, guid: id })
})

test('an entry is looked for by its id where that is known', () => {
  expect(baseOf(`<GUID=${guid}>;CN=Ann,DC=example`)).toBe(`<GUID=${guid}>`)
  expect(baseOf('CN=Ann,DC=example')).toBe('CN=Ann,DC=example')
})
