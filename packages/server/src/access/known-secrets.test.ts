import { expect, test } from 'vitest'
import { knownSecrets } from './known-secrets.ts'

test('a secret that was none is none for half a minute, and then unknown again', () => {
  let now = 0
  const known = knownSecrets(() => now)
  expect(known.of('a')).toBe('unknown')
  known.remember('a', false)
  now = 29_000
  expect(known.of('a')).toBe('none')
  now = 31_000
  expect(known.of('a')).toBe('unknown')
})

test('what was found last counts', () => {
  const known = knownSecrets(() => 0)
  known.remember('a', true)
  expect(known.of('a')).toBe('good')
  known.remember('a', false)
  expect(known.of('a')).toBe('none')
  known.remember('a', true)
  expect(known.of('a')).toBe('good')
})

test('however many are tried, a bounded number is remembered, and good ones are not pushed out by others', () => {
  const known = knownSecrets(() => 0)
  known.remember('mine', true)
  for (let tries = 0; tries < 20_000; tries += 1) known.remember(`guess ${tries}`, false)
  expect(known.of('mine')).toBe('good')
  expect(known.of('guess 0')).toBe('unknown')
  expect(known.of('guess 19999')).toBe('none')
})
