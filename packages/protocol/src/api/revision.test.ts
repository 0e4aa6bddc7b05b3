import { expect, test } from 'vitest'
import { isUnderstood, revision, revisionOf } from './revision.ts'

test('who says nothing, or nothing that is one, speaks the first revision', () => {
  for (const header of [null, undefined, '', '0', '-1', '2.5', 'two', '1234567'])
    expect(revisionOf(header)).toBe(1)
  expect(revisionOf('12')).toBe(12)
})

test('who speaks less than the oldest that is understood is not understood, who speaks more is', () => {
  expect(isUnderstood('2', 3)).toBe(false)
  expect(isUnderstood(undefined, 2)).toBe(false)
  expect(isUnderstood('3', 3)).toBe(true)
  expect(isUnderstood(String(revision + 5))).toBe(true)
})
