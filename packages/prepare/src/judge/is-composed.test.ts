import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isComposed } from './is-composed.ts'

test('a text is composed where its normal form is itself, wherever it stands in memory', () => {
  const text = fc.string({
    unit: fc.constantFrom(
      'a',
      'é',
      'o\u0308',
      '\u0308',
      'Ł',
      'ß',
      'Ж',
      '가',
      '\u1100\u1161',
      '\u212b',
      'ब',
      '😀',
    ),
    maxLength: 12,
  })
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 5 }), (each, offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(each)]).subarray(offset)
      expect(isComposed(bytes)).toBe(each.normalize('NFC') === each)
    }),
    { numRuns: 500 },
  )
})
