import { expect, test } from 'vitest'
import { BrokenRecordError, RecordReader } from './record-reader.ts'

function records(
  text: string,
  size = text.length,
  signs = { separator: ';', qualifier: '"' },
  longest = 1000,
) {
  const reader = new RecordReader(signs, longest)
  const found = []
  for (let at = 0; at < text.length; at += size) found.push(...reader.take(text.slice(at, at + size)))
  return [...found, ...reader.end()].map(({ line, cells }) => [line, ...cells])
}

test.each([
  ['cells without quotes lose the blanks around them', ' a ; b\t;c  \n', [[1, 'a', 'b', 'c']]],
  [
    'quotes keep blanks, line breaks and separators',
    '" a ";"b\nc";"d;e"\nf;g;h',
    [
      [1, ' a ', 'b\nc', 'd;e'],
      [3, 'f', 'g', 'h'],
    ],
  ],
  ['doubled quotes are one', '"say ""hi""";""\n', [[1, 'say "hi"', '']]],
  ['a quote in a cell without quotes is a character', '5" disk;a "b" c\n', [[1, '5" disk', 'a "b" c']]],
  ['blanks may stand around quotes', ' "a" ; "b"\t\n', [[1, 'a', 'b']]],
  [
    'lines end with LF or CRLF',
    'a;b\r\nc;"d"\r\ne;f\n',
    [
      [1, 'a', 'b'],
      [2, 'c', 'd'],
      [3, 'e', 'f'],
    ],
  ],
  [
    'blank lines are none, and are counted',
    '\n  \na;b\n\r\n\nc;d',
    [
      [3, 'a', 'b'],
      [6, 'c', 'd'],
    ],
  ],
  [
    'empty cells are cells',
    ';\n""\n',
    [
      [1, '', ''],
      [2, ''],
    ],
  ],
  ['the last line needs no end', 'a;', [[1, 'a', '']]],
])('%s', (_, text, expected) => {
  expect(records(text)).toEqual(expected)
  for (let size = 1; size < text.length; size++) expect(records(text, size)).toEqual(expected)
})

test('separator and qualifier may be others', () => {
  const signs = { separator: '\t', qualifier: "'" }
  expect(records(`a\t'b\tc'\t"d"\n\t'it''s'\t\n`, 3, signs)).toEqual([
    [1, 'a', 'b\tc', '"d"'],
    [2, '', "it's", ''],
  ])
})

test.each([
  ['a;b\n"x"y;z\n', 'text-after-quote', 2],
  ['a;b\nc;"d\ne;f\n', 'never-closed', 2],
  [`a;b\n${'x'.repeat(20)};y\n`, 'too-long', 2],
  [`a;b\n"${'x;\n'.repeat(20)}`, 'too-long', 2],
])('%j is broken: %s', (text, broken, line) => {
  for (const size of [1, 5, text.length]) {
    const read = () => records(text, size, undefined, 15)
    expect(read).toThrow(BrokenRecordError)
    expect(read).toThrow(expect.objectContaining({ broken, line }))
  }
})
