import { expect, test } from 'vitest'
import { keptWithin } from './query-client.ts'

test('a list stays while it is filtered otherwise, and never where it is of something else', () => {
  const { placeholderData } = keptWithin('changes', 12)
  expect(placeholderData(['a'], { queryKey: ['changes', 12, 'held', { type: 'Person' }] })).toEqual(['a'])
  expect(placeholderData(['a'], { queryKey: ['changes', 11, 'held', {}] })).toBeUndefined()
  expect(placeholderData(['a'], { queryKey: ['summary', 12] })).toBeUndefined()
  expect(placeholderData(undefined, undefined)).toBeUndefined()
})
