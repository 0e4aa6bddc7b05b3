import { expect, test } from 'vitest'
import { isWithin, now } from './two-clocks.ts'

const renewed = Float64Array.of(1000, 500_000)
const recent = (steady: number, wall: number) => isWithin(100, renewed, { steady, wall })

test('something is recent only where both clocks say so', () => {
  expect(recent(1050, 500_050)).toBe(true)
  expect(recent(1100, 500_050)).toBe(false)
  // The machine slept: the steady clock stood still.
  expect(recent(1001, 530_000)).toBe(false)
  // The clock was set back while the process was paused.
  expect(recent(31_000, 500_010)).toBe(false)
  expect(recent(1001, 499_990)).toBe(false)
})

test('the steady clock goes on by itself', () => {
  const before = now()
  expect(now().steady).toBeGreaterThanOrEqual(before.steady)
})
