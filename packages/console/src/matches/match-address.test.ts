import { expect, test } from 'vitest'
import { matchKey, readMatchView, writeMatchView } from './match-address.ts'

test('the address of the queue says what is looked at, and nothing of what is as usual', () => {
  const address = { tab: 'test', state: 'applied', source: 'doors', row: 'doors/Person/a/b' }
  expect(writeMatchView(readMatchView(address))).toEqual(address)
  expect(writeMatchView(readMatchView({ tab: 1, state: 'x', source: 3 }))).toEqual({})
  expect(matchKey({ source: 'doors', entityType: 'Person', key: 'a/b' })).toBe('doors/Person/a/b')
})
