import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fnv1a } from './digest.ts'

/** As it is defined. */
function reference(text: string): number {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return Number(hash >> 11n)
}

test('a seed is the hash that every digest stored so far was made with', () => {
  expect(fnv1a('foobar')).toBe(Number(0x85944171f73967e8n >> 11n))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(fnv1a(text)).toBe(reference(text))
    }),
  )
})
