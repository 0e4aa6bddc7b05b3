import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordGauge } from './record-gauge.ts'

/** Where the records of a text end, one after the other, found character by character. */
function startOfLast(text: string): number {
  let quoted = false
  let start = 0
  for (const [at, character] of [...text].entries()) {
    if (character === '"') quoted = !quoted
    if (character === '\n' && !quoted) start = at + 1
  }
  return start
}

const csv = fc.string({ unit: fc.constantFrom('"', '\n', 'a', ','), maxLength: 90 })

test('knows where the last record begins, wherever the chunks are cut and however they lie in memory', () => {
  fc.assert(
    fc.property(csv, fc.array(fc.nat(30), { maxLength: 9 }), fc.nat(3), (text, sizes, shift) => {
      const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).subarray(shift)
      const gauge = new RecordGauge()
      let at = 0
      for (const size of [...sizes, text.length]) {
        gauge.take(bytes.subarray(at, at + size))
        at += size
      }
      return gauge.start === startOfLast(text)
    }),
  )
})

test('lets a record be as long as it may, and no longer', () => {
  const gauge = new RecordGauge(10)
  expect(gauge.take(Buffer.from('a,b\n0123456789'))).toBe(true)
  expect(gauge.take(Buffer.from('!'))).toBe(false)
})

test('counts line feeds within quotes to the record', () => {
  const gauge = new RecordGauge(10)
  expect(gauge.take(Buffer.from('a\n"\n\n\n\n\n'))).toBe(true)
  expect(gauge.take(Buffer.from('\n\n\n\n\n\n'))).toBe(false)
})
