import { expect, test } from 'vitest'
import { percentText } from './run-facts.ts'

test('a share is told as exactly as it helps', () => {
  expect(percentText(227, 417)).toBe('54 %')
  expect(percentText(9, 417)).toBe('2.2 %')
  expect(percentText(1, 1_000_000)).toBe('0.0001 %')
  expect(percentText(0, 4)).toBe('0 %')
  expect(percentText(0, 0)).toBe('–')
})
