import { expect, test } from 'vitest'
import { knownShare } from './known-share.ts'

test('a share is 100 only where nothing is missing, and 0 only where nothing is known', () => {
  expect([knownShare(0, 0), knownShare(3, 3), knownShare(999_999, 1_000_000)]).toEqual([100, 100, 99])
  expect([knownShare(0, 9), knownShare(1, 1_000_000), knownShare(1, 2)]).toEqual([0, 1, 50])
})
