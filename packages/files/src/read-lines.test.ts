import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf as linesOfChunks, readLines } from './read-lines.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lines-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function linesOf(text: string, longest = 1 << 20): Promise<readonly string[]> {
  const path = join(folder, 'file')
  await writeFile(path, text)
  const found: string[] = []
  const tooLong = (line: number) => new Error(`line ${line}`)
  for await (const line of readLines(path, { longest, tooLong })) found.push(line)
  return found
}

test('a line ends at a line feed, and nowhere else', async () => {
  expect(await linesOf('a\u2028b\r\n\nc\x85\u2029d\n')).toEqual(['a\u2028b\r', '', 'c\x85\u2029d'])
  expect(await linesOf('a\nb')).toEqual(['a', 'b'])
  expect(await linesOf('')).toEqual([])
})

test('characters are whole wherever the file was cut into pieces', async () => {
  const text = `${'é😀'.repeat(100_000)}`
  expect(await linesOf(`x${text}\n${text}\n`)).toEqual([`x${text}`, text])
})

test('a line longer than it may be is refused by its number', async () => {
  await expect(linesOf(`${'a'.repeat(10)}\n${'b'.repeat(11)}\n`, 10)).rejects.toThrow('line 2')
  await expect(linesOf(`a\n${'b'.repeat(1 << 18)}`, 1 << 17)).rejects.toThrow('line 2')
})

test('a line is whole where the bytes of a chunk are used again for the next', async () => {
  const buffer = Buffer.alloc(4)
  async function* chunks() {
    for (const text of ['ab\nc', 'de\nf', 'gh\n']) yield buffer.subarray(0, buffer.write(text))
  }
  const found: string[] = []
  for await (const line of linesOfChunks(chunks(), { longest: 10, tooLong: () => new Error('too long') }))
    found.push(line)
  expect(found).toEqual(['ab', 'cde', 'fgh'])
})
