import { expect, test } from 'vitest'
import { actionText } from './action-text.ts'

test('an action is called as people call it, and one without a word of its own as its name reads', () => {
  expect(actionText('signIn')).toBe('sign in')
  expect(actionText('approve')).toBe('approve run')
  expect(actionText('somethingNewHere')).toBe('something new here')
})
