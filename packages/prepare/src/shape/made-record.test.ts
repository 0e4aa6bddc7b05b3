import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { RecordFields } from '../read/record-fields.ts'
import { RecordParser } from '../read/record-parser.ts'
import { MadeRecord } from './made-record.ts'

const texts = [
  'plain',
  '',
  'a,b',
  'says "no"',
  '"',
  'two\nlines',
  'return\rinside',
  'Zoë, 東京 𝄞',
  'Zoë',
  '\u0001\u0002',
  'x'.repeat(5000),
  '\u0000',
]

/** Of the record: its line, and where and of what kind its fields are. */
function described(bytes: Uint8Array, { starts, ends, flags, any, start, contentEnd }: RecordFields) {
  return {
    line: Buffer.from(bytes.subarray(start, contentEnd)).toString(),
    starts: [...starts.subarray(0, texts.length)],
    ends: [...ends.subarray(0, texts.length)],
    flags: [...flags.subarray(0, texts.length)],
    any,
  }
}

/** As the parser finds a line in which only what has to be is quoted. */
function found(separator: string, line: string): { bytes: Buffer; parser: RecordParser } {
  const parser = new RecordParser({ separator, lineEnds: 'lf', maximumFieldSize: 1 << 20 })
  const bytes = Buffer.from(`${line}\n`)
  parser.parse(bytes, 0, bytes.length, true)
  return { bytes, parser }
}

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

describe('a record that is made', () => {
  it('is what the parser would have found in its line', () => {
    const made = new MadeRecord(texts.length)
    const { bytes, parser } = found(',', texts.map(field).join(','))
    for (let time = 0; time < 2; time++) {
      made.clear()
      for (const text of texts) made.add(text)
      expect(described(made.bytes, made)).toEqual(described(bytes, parser))
    }
  })

  it('holds fields of another record as if their texts had been added', () => {
    const line = texts.map((text, index) =>
      index % 2 === 0 ? `"${text.replaceAll('"', '""')}"` : field(text),
    )
    for (const separator of [',', ';']) {
      const source = found(separator, line.join(separator))
      const copied = new MadeRecord(texts.length)
      const added = new MadeRecord(texts.length)
      for (const [index, text] of texts.entries()) {
        copied.copy(source.bytes, source.parser, index)
        added.add(text)
      }
      expect(described(copied.bytes, copied)).toEqual(described(added.bytes, added))
    }
  })

  it('quotes what another file need not quote', () => {
    const source = found(';', 'a,b;5" pipe')
    const made = new MadeRecord(2)
    made.copy(source.bytes, source.parser, 0)
    made.copy(source.bytes, source.parser, 1)
    expect(made.bytes.toString('utf8', 0, made.contentEnd)).toBe('"a,b","5"" pipe"')
  })
})
