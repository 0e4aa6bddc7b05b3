import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashedOf, hiddenLength, hiddenText, isHidden, randomSalt, saltOf } from './secret.ts'

const salt = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])

test('what is hashed is salt and secret again and again, as RFC 9580 has it', () => {
  const once = Buffer.concat([salt, Buffer.from('pässword')])
  expect(Buffer.from(hashedOf('pässword', salt))).toEqual(Buffer.alloc(65_536, once))
})

test('a secret that is longer than that is hashed whole', () => {
  const long = 'x'.repeat(70_000)
  expect(Buffer.from(hashedOf(long, salt))).toEqual(Buffer.concat([salt, Buffer.from(long)]))
})

test('a hidden text tells its salt, by which a secret is verified', () => {
  const own = randomSalt()
  const hash = createHash('sha256').update(hashedOf('secret', own)).digest()
  const hidden = hiddenText(own, hash)
  expect(hidden).toHaveLength(hiddenLength)
  expect(isHidden(hidden)).toBe(true)
  expect(saltOf(hidden)).toEqual(own)
  expect(saltOf('secret')).toBeUndefined()
  expect(isHidden(`${hidden}\n`)).toBe(false)
})
