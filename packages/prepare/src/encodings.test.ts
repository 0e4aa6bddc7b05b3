import type { FileEncoding } from '@sluice/model'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { plainFormat, prepareOne } from '../test/prepare-text.ts'

const columns = ['id', 'name']
const written = (encoding?: FileEncoding) => ({ format: { ...plainFormat, encoding } })
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))
const cesu = [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]

describe('a configured encoding', () => {
  test('is read as what it is', async () => {
    const text = iconv.encode('id,name\n1,"表, x"\n2,山田\n', 'shift-jis')
    const found = await prepareOne(text, columns, written('shift-jis'))
    expect(found.sorted).toBe('id,name\n1,"表, x"\n2,山田\n')
    expect(found.notes).toEqual([])
  })

  test('a byte that stands for no character costs its row, and no other', async () => {
    const found = await prepareOne(
      bytes('id,name\n1,a\n2,', [0x81], '\n3,c\n'),
      columns,
      written('windows-1250'),
    )
    expect(found.sorted).toBe('id,name\n1,a\n3,c\n')
    expect(found.rejected).toEqual(['3: the text is not valid in the encoding of the file, windows-1250'])
    expect(found.rejections[0]?.column).toBe('name')
  })

  test('yields to the mark the file begins with, and the report says so', async () => {
    const found = await prepareOne('\ufeffid,name\n1,Zoë\n', columns, written('windows-1252'))
    expect(found.sorted).toBe('id,name\n1,Zoë\n')
    expect(found.notes).toEqual([
      'people.csv begins with the mark of utf-8; it was read so, not as windows-1252.',
    ])
  })

  test.each(['utf-16', 'utf-16le', 'utf-32', 'utf-8', 'cesu-8'] as const)(
    '%s may begin with its mark',
    async (encoding) => {
      const plain = encoding.replace(/^(utf-(16|32))$/, '$1le').replace('cesu-', 'cesu')
      const found = await prepareOne(
        iconv.encode('\ufeffid,name\n1,Zoë 😀\n', plain),
        columns,
        written(encoding),
      )
      expect(found.sorted).toBe('id,name\n1,Zoë 😀\n')
      expect(found.notes).toEqual([])
    },
  )

  test('is told to be doubtful where all of the file is UTF-8', async () => {
    const found = await prepareOne('id,name\n1,Zoë\n2,Jürgen\n3,René\n', columns, written('iso-8859-15'))
    expect(found.notes).toEqual([
      'people.csv looks like UTF-8; it was read as iso-8859-15, which its format says.',
    ])
  })
})

describe('an encoding that nobody configured', () => {
  test('stays UTF-8 when a byte was cut off a big file', async () => {
    const rows = Array.from({ length: 120_000 }, (_, row) => `${row},Zoë Grünfeld\n`).join('')
    const found = await prepareOne(bytes(`id,name\n${rows}x,Nam`, [0xc3], '\n'), columns)
    expect(found.counts).toMatchObject({ read: 120_001, rejected: 1, rows: 120_000 })
    expect(found.sorted?.slice(0, 29)).toBe('id,name\n0,Zoë Grünfeld\n1,Zoë ')
    expect(found.notes).toEqual([])
  })

  test('is CESU-8 where characters are written in two halves, which are joined', async () => {
    const found = await prepareOne(bytes('id,name\n1,Zoë ', cesu, '\n2,', cesu.slice(0, 3), '\n'), columns)
    expect(found.sorted).toBe('id,name\n1,Zoë 😀\n')
    expect(found.rejections.map(({ line }) => line)).toEqual([3])
    expect(found.notes?.join()).toContain('people.csv is CESU-8')
  })

  test('is windows-1252 only for bytes that it defines: a row with another is left out', async () => {
    const found = await prepareOne(bytes('id,name\n1,Ren', [0xe9], '\n2,', [0x9d], 'abc\n'), columns)
    expect(found.sorted).toBe('id,name\n1,René\n')
    expect(found.rejected).toEqual(['3: the text is not valid in the encoding of the file, windows-1252'])
  })

  test.each(['utf-32le', 'utf-32be'])('%s shows by its zero bytes', async (encoding) => {
    const found = await prepareOne(iconv.encode('id,name\n1,Zoë\n', encoding), columns)
    expect(found.sorted).toBe('id,name\n1,Zoë\n')
    expect(found.notes).toEqual([`people.csv is not UTF-8; it was read as ${encoding}.`])
  })

  test('half a character at the end of UTF-32 shows that the file was cut off', async () => {
    const text = iconv.encode('id,name\n1,a\n2,b\n', 'utf-32le')
    const cut = prepareOne(text.subarray(0, -2), columns, written('utf-32le'))
    await expect(cut).rejects.toMatchObject({ code: 'SLUICE-PREPARE-04', place: { line: 3 } })
  })

  test.each(['id,name\n1,Zoë\n', '"id","name"\n1,Zoë\n'])(
    'two marks are as good as one: %j',
    async (text) => {
      const found = await prepareOne(`\ufeff\ufeff${text}`, columns)
      expect(found.sorted).toBe('id,name\n1,Zoë\n')
    },
  )
})

describe('the end of a DOS file', () => {
  test.each([
    ['behind the last line end', 'id,name\r\n1,a\r\n2,b\r\n\x1a'],
    ['behind the last value', 'id,name\n1,a\n2,b\x1a'],
    ['behind a quote', 'id,name\n1,a\n2,"b"\x1a'],
    ['as padding', `id,name\n1,a\n2,b\n${'\x1a'.repeat(100)}`],
    ['in UTF-16', Buffer.from('\ufeffid,name\n1,a\n2,b\n\x1a', 'utf16le')],
    [
      'as one byte behind UTF-16',
      Buffer.concat([Buffer.from('\ufeffid,name\n1,a\n2,b\n', 'utf16le'), Buffer.of(0x1a)]),
    ],
  ])('is no row: %s', async (_, text) => {
    const found = await prepareOne(text, columns)
    expect(found.sorted).toBe('id,name\n1,a\n2,b\n')
    expect(found.counts).toMatchObject({ read: 2, rejected: 0 })
  })

  test('may follow the header alone', async () => {
    const found = await prepareOne('id,name\x1a', columns)
    expect(found.counts).toMatchObject({ read: 0, rows: 0 })
  })

  test('is a character like others where more follows', async () => {
    const found = await prepareOne('id,name\n1,a\x1a\n\x1a,b\n', columns)
    expect(found.sorted).toBe('id,name\n\x1a,b\n1,a\x1a\n')
  })
})
