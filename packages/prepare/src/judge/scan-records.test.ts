import { Buffer } from 'node:buffer'
import { SluiceError } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainFormat } from '../../test/prepare-text.ts'
import { readHeader } from '../read/read-header.ts'
import type { RecordParser } from '../read/record-parser.ts'
import type { BadRow, RecordSink } from '../read/record-sink.ts'
import { scanRecords } from './scan-records.ts'

class Collected implements RecordSink {
  readonly rows: string[][] = []
  readonly bad: BadRow[] = []

  row(buffer: Uint8Array, parser: RecordParser): undefined {
    const text = (at: number) => Buffer.from(buffer.subarray(parser.starts[at], parser.ends[at])).toString()
    this.rows.push(Array.from({ length: parser.count }, (_, at) => text(at)))
  }

  reject(row: BadRow): void {
    this.bad.push(row)
  }

  async drain(): Promise<void> {}
}

/** Scans the text in chunks of the given size; `refused` when the file is. */
async function scan(text: string, chunkSize = text.length, maximumFieldSize = 1000) {
  const found = readHeader(Buffer.from(text), true, { ...plainFormat, separator: ',' }, [])
  if (found.kind === 'none') throw new Error(found.reason)
  const sink = new Collected()
  async function* chunks() {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  const file = {
    name: 'f',
    header: found.header,
    shortRows: 'reject',
    quotedLineBreaks: 'check',
    maximumFieldSize,
    encoding: 'utf-8',
  } as const
  try {
    await scanRecords(chunks(), file, sink)
  } catch (error) {
    if (error instanceof SluiceError) return { refused: error.message }
    throw error
  }
  return { rows: sink.rows, bad: sink.bad }
}

const brokenField = fc.string({ unit: fc.constantFrom('a', 'b', '"', ' '), maxLength: 4 })
const brokenLine = fc.array(brokenField, { minLength: 1, maxLength: 4 }).map((fields) => fields.join(','))
const lineEnd = fc.constantFrom('\n', '\r\n')
const broken = fc.array(fc.tuple(brokenLine, lineEnd), { maxLength: 8 })

describe('reading records', () => {
  test('swallows no line: each is in a row, in a rejection, or the file is refused', async () => {
    await fc.assert(
      fc.asyncProperty(broken, async (lines) => {
        const text = lines.map(([line, end], index) => `k${index}${line}${end}`).join('')
        const found = await scan(`id,a,b\n${text}`)
        if ('refused' in found) return
        const everywhere = JSON.stringify(found)
        for (let index = 0; index < lines.length; index++) expect(everywhere).toContain(`k${index}`)
        // Only a field with line breaks takes several lines, and then its lines are no rows.
        for (const row of found.rows) expect(row).toHaveLength(3)
      }),
      { numRuns: 2_000 },
    )
  })

  test('finds the same in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        broken,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        async (lines, chunkSize, maximum) => {
          const text = `id,a,b\n${lines.map(([line, end]) => line + end).join('')}`
          expect(await scan(text, chunkSize, maximum)).toEqual(await scan(text, text.length, maximum))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('tells the physical line of each row it leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(broken, async (lines) => {
        const text = `id,a,b\n${lines.map(([line, end]) => line + end).join('')}`
        const found = await scan(text)
        if ('refused' in found) return
        const physical = text.split(/\r?\n/)
        for (const { line, text: row } of found.bad) expect(physical[line - 1]).toBe(row.split(/\r?\n/)[0])
      }),
      { numRuns: 1_000 },
    )
  })
})
