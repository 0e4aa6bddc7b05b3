import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { fromCesu8 } from './from-cesu8.ts'

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size: number): Promise<string> {
  const found: Buffer[] = []
  for await (const piece of fromCesu8(pieces(bytes, size))) found.push(Buffer.from(piece))
  return Buffer.concat(found).toString()
}

test('halves of a character are joined, whatever the pieces are', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '😀', '\u{10ffff}'),
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (expected, size) => {
      expect(await read(iconv.encode(expected, 'cesu8'), size)).toBe(expected)
    }),
  )
})
