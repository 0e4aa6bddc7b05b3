import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvToCopyText, holdsEndMark } from './end-mark.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-mark-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([
  ['a\n\\.\n', true],
  ['a\n\\.', true],
  ['a,b\n"x\n\\.\ny",1\n', true],
  ['a\n\\.\r\n', true],
  ['a\n\\.x\nx\\.\n"\\."\n', false],
  [`a\n${'x'.repeat((1 << 20) - 4)}\n\\.\n`, true],
  [`a\n${'x'.repeat((1 << 20) - 3)}\n\\.\n`, true],
])('a line is the mark only when it is nothing else (%#)', async (content, expected) => {
  const path = join(folder, 'file')
  await writeFile(path, content)
  expect(await holdsEndMark(path)).toBe(expected)
})

test('rows are the same in the other format, whatever the pieces are', async () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '\\', '.', 'N', '"', ',', '\n', '\r', '\t', 'é'),
    maxLength: 4,
  })
  const rows = fc.array(fc.array(field, { minLength: 1, maxLength: 3 }), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 5 }), async (fields, size) => {
      const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
      const csv = Buffer.from(fields.map((row) => `${row.map(quoted).join(',')}\n`).join(''))
      const pieces = Array.from({ length: Math.ceil(csv.length / size) }, (_, at) =>
        csv.subarray(at * size, (at + 1) * size),
      )
      const found = await text(Readable.from(pieces).pipe(csvToCopyText()))
      const escaped = (value: string) =>
        value === ''
          ? '\\N'
          : value.replace(
              /[\\\n\r\t]/g,
              (sign) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] ?? '',
            )
      expect(found).toBe(fields.map((row) => `${row.map(escaped).join('\t')}\n`).join(''))
    }),
  )
})
