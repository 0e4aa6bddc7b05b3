import { expect, test } from 'vitest'
import { compareValues } from './compare-values.ts'

test('a row and a resource differ where the row says something else', () => {
  expect(compareValues('Ada', 'Ada')).toBe('same')
  expect(compareValues('Ada', 'Bob')).toBe('differs')
  expect(compareValues('', null)).toBe('same')
  expect(compareValues('', 'Bob')).toBe('differs')
  expect(compareValues(null, 'Bob')).toBe('silent')
})
