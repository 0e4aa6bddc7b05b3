import { expect, test } from 'vitest'
import { readResourceView, writeResourceView } from './resource-view.ts'

test('the address of a resource says what of it is looked at, and nothing of what is as usual', () => {
  const address = { tab: 'graph', depth: 2, as: 'list' }
  expect(writeResourceView(readResourceView(address))).toEqual(address)
  expect(writeResourceView(readResourceView({}))).toEqual({})
  expect(writeResourceView(readResourceView({ tab: 'x', depth: 99, as: 1 }))).toEqual({})
})
