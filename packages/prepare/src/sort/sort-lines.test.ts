import { Buffer } from 'node:buffer'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settings, temporaryFolder } from '../../test/prepare-text.ts'
import { sortLines } from './sort-lines.ts'
import { Sorter } from './sorter.ts'

const sorted = (text: string, by = 2) =>
  sortLines(Buffer.from(text), { parts: ['text', 'number', 'text'], by }).toString()

test('lines are sorted by their first parts: texts by their bytes, numbers by what they are worth', () => {
  expect(sorted('b\x0110\x01x\nb\x019\x01y\nä\x011\x01z\nZ\x012\x01\n')).toBe(
    'Z\x012\x01\nb\x019\x01y\nb\x0110\x01x\nä\x011\x01z\n',
  )
})

test('of lines that are alike in what decides, the first stays first, and what is empty comes last', () => {
  expect(sorted('\x011\x01a\nb\x012\x01b\nb\x011\x01c\n', 1)).toBe('b\x012\x01b\nb\x011\x01c\n\x011\x01a\n')
})

test('a file without lines stays as it is', () => {
  expect(sorted('')).toBe('')
})

test('whatever the lines are, the order is that of large files', async () => {
  await using folder = await temporaryFolder()
  await using sorter = new Sorter(settings, folder.path)
  const [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')]
  const key = fc.string({
    unit: fc.constantFrom('a', 'B', 'ä', '\u{1F600}', '\uFFFD', ' ', '"', '0'),
    maxLength: 4,
  })
  const keys = fc.uniqueArray(key, { maxLength: 30, minLength: 1 })
  await fc.assert(
    fc.asyncProperty(keys, fc.boolean(), async (of, twice) => {
      const text = of.map((one, place) => `${one}\x01${twice ? 9 + place : place}\x01${one},x\n`).join('')
      await writeFile(from, text)
      const order = { parts: ['text', 'number', 'text'] as const, by: twice ? 2 : 1 }
      await sorter.sortLines({ from, to, ...order, longest: 64 })
      expect(sortLines(Buffer.from(text), order).toString()).toBe(await readFile(to, 'utf8'))
    }),
    { numRuns: 20 },
  )
})
