import { expect, test } from 'vitest'
import { judgeLateness } from './judge-lateness.ts'

test.each([
  [false, null, undefined],
  [true, null, 'late'],
  [true, '2026-11-28T02:30:00Z', undefined],
  [false, '2026-11-28T02:30:00Z', 'recovered'],
] as const)('overdue %s, told as late at %s: %s', (overdue, lateSince, change) => {
  expect(judgeLateness({ overdue, lateSince })).toBe(change)
})
