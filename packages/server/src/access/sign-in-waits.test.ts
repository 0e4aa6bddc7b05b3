import { expect, test } from 'vitest'
import { SignInWaits } from './sign-in-waits.ts'

const clock = () => {
  let now = 0
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { now: () => now, pass }
}

test('the first tries are free, then each wait is twice as long, and a right password forgets them', () => {
  const { now, pass } = clock()
  const waits = new SignInWaits(now)
  for (let tries = 0; tries < 4; tries += 1) expect(waits.attempt('ada', '10.0.0.1')).toBe(0)
  for (const wait of [1000, 2000, 4000]) {
    expect(waits.attempt('Ada', '10.0.0.1')).toBe(wait)
    pass(wait)
    expect(waits.attempt('ada', '10.0.0.1')).toBe(0)
  }
  waits.succeeded('ada', '10.0.0.1')
  expect(waits.attempt('ada', '10.0.0.1')).toBe(0)
})

test('whoever guesses at a name keeps nobody out who signs in from elsewhere', () => {
  const waits = new SignInWaits(() => 0)
  for (let tries = 0; tries < 9; tries += 1) waits.attempt('ada', '10.0.0.1')
  expect(waits.attempt('ada', '10.0.0.1')).toBeGreaterThan(0)
  expect(waits.attempt('ada', '10.0.0.2')).toBe(0)
})

test('guessing at many names from one address, and at one name from many, has its waits too', () => {
  const waits = new SignInWaits(() => 0)
  for (let tries = 0; tries < 30; tries += 1) expect(waits.attempt(`name${tries}`, '10.0.0.1')).toBe(0)
  expect(waits.attempt('another', '10.0.0.1')).toBeGreaterThan(0)
  for (let tries = 0; tries < 50; tries += 1) expect(waits.attempt('ada', `10.0.1.${tries}`)).toBe(0)
  expect(waits.attempt('ada', '10.0.2.1')).toBeGreaterThan(0)
})

test('the longest wait is a quarter of an hour, and an hour later all is forgotten', () => {
  const { now, pass } = clock()
  const waits = new SignInWaits(now)
  for (let tries = 0; tries < 40; tries += 1) {
    const wait = waits.attempt('ada', '10.0.0.1')
    expect(wait).toBeLessThanOrEqual(15 * 60_000)
    pass(wait)
  }
  pass(61 * 60_000)
  for (let tries = 0; tries < 4; tries += 1) expect(waits.attempt('ada', '10.0.0.1')).toBe(0)
})
