import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextAttempt } from './next-attempt.ts'

const day = 86_400_000

/** When a receiver is tried that takes nothing. */
function triesOf(giveUpAfter: number, retryAfter?: number): readonly number[] {
  const tries = [0]
  for (let age = 0; ; ) {
    const wait = nextAttempt({ attempts: tries.length, age, retryAfter }, giveUpAfter)
    if (wait === undefined) return tries
    age += wait
    tries.push(age)
  }
}

test('the distances grow, and the last try is when the time is over', () => {
  expect(triesOf(day).map((at) => Math.round(at / 1000))).toEqual([
    0, 5, 35, 155, 755, 2555, 6155, 13_355, 27_755, 56_555, 85_355, 86_400,
  ])
  expect(triesOf(60_000)).toEqual([0, 5000, 35_000, 60_000])
})

test('what the receiver asks for is obeyed, also where that is later than the end', () => {
  expect(nextAttempt({ attempts: 1, age: 0, retryAfter: 600_000 }, day)).toBe(600_000)
  expect(nextAttempt({ attempts: 1, age: 0, retryAfter: 1 }, day)).toBe(5000)
  expect(triesOf(60_000, 90_000)).toEqual([0, 90_000])
  // Not for ever.
  expect(nextAttempt({ attempts: 1, age: 0, retryAfter: 1000 * day }, day)).toBe(day)
})

test('whatever the time, the tries come to an end, and none before the time is over', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 * day }), (giveUpAfter) => {
      const tries = triesOf(giveUpAfter)
      expect(tries.at(-1)).toBe(giveUpAfter)
      expect(tries.length).toBeLessThan(1250)
    }),
  )
})
