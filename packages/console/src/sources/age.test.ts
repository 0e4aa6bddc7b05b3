import { expect, test } from 'vitest'
import { ageIn, instantBefore, lengthOf } from './age.ts'

test('an age is a number of hours or days, and anything else is none', () => {
  expect(ageIn('30d')).toBe('30d')
  for (const value of ['30', 'd', '0d', '-1d', '1w', 7, undefined]) expect(ageIn(value)).toBeUndefined()
})

test('it counts back from now', () => {
  const now = Date.parse('2026-11-30T08:00:00Z')
  expect(instantBefore('12h', now)).toBe('2026-11-29T20:00:00.000Z')
  expect(instantBefore('30d', now)).toBe('2026-10-31T08:00:00.000Z')
  expect(lengthOf('30d')).toEqual({ count: 30, unit: 'day' })
})
