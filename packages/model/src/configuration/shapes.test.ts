/** Values that are made of columns, as people write them: what is understood, and what is refused with its place. */
import { describe, expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'
import type { Shaping } from './shaping.ts'

const shaping: Shaping = {
  expression: (text) => {
    const columns = [...text.matchAll(/row\.(\w+)/g)].map(([, column = '']) => column)
    if (text.startsWith('?')) return { problem: 'This is no expression.', remedy: 'Write another.' }
    const kind = text.includes('==') ? 'boolean' : text.includes('split') ? 'list' : 'text'
    return { text, columns, kind }
  },
  pattern: (text) => (text === '(' ? { problem: 'This is no regular expression.' } : undefined),
  table: (_file, path) =>
    path === 'depts.csv'
      ? { columns: ['code', 'name'], rows: [['01', 'Sales']] }
      : { problem: `There is no file "${path}".` },
}

/** The property `p` of an entity type, of this type, mapped like this. */
function parse(type: string, mapping: string, beside = '') {
  const text = `
entityTypes:
  T: {properties: {id: string, p: ${type}}}
associations:
  a: {from: T, to: T, cardinality: many-to-many}
sources:
  s:
    entities:
      T:
        file: t.csv
        key: id
${beside}
        properties:
          id: id
          p: ${mapping}
`
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }], { shaping })
  const found = configuration?.sources.get('s')?.entities[0]
  return {
    mapping: found?.properties[1],
    where: found?.where,
    findings: findings.map(({ line, column, message }) => `${line}:${column} ${message}`),
  }
}

describe('a value may be made', () => {
  test.each([
    ['string', '{columns: [a, b], join: " "}', ['a', 'b'], 'p from a + b'],
    ['string', '{column: a, transforms: [trim, {take: -1, by: ","}]}', ['a'], 'p from a'],
    ['string', '{transforms: [trim]}', ['p'], 'p from p'],
    ['string', '{value: 007}', [], 'p as configured'],
    ['boolean', '{column: a, transforms: [{flag: 2}, not]}', ['a'], 'p from a'],
    ['string', '{expression: row.a + row.b}', ['a', 'b'], 'p from a + b'],
  ])('of type %s as %s', (type, mapping, columns, name) => {
    const found = parse(type, mapping)
    expect(found.findings).toEqual([])
    expect(found.mapping?.shape?.columns).toEqual(columns)
    expect(found.mapping?.column).toBe(name)
  })

  test('by a table, of which every text stays as it is written', () => {
    const inline = parse('string', '{column: a, table: {values: {01: one, x: 02}}}')
    expect(inline.mapping?.shape?.table?.entries).toEqual([
      ['01', 'one'],
      ['x', '02'],
    ])
    const filed = parse(
      'string',
      '{column: a, table: {file: depts.csv, from: code, to: name, otherwise: keep}}',
    )
    expect(filed.mapping?.shape?.table).toEqual({
      name: 'depts.csv',
      entries: [['01', 'Sales']],
      otherwise: 'keep',
    })
  })

  test('and rows may be left out', () =>
    expect(parse('string', 'p', '        where: row.status == "x"').where?.columns).toEqual(['status']))
})

describe('is refused, with its place:', () => {
  test.each([
    ['string', '{columns: [a, b]}', '15:24 "p" has several columns, but nothing says how to join them.'],
    ['string', '{column: a, value: b}', '15:33 "p" has both "column" and "value".'],
    ['string', '{column: a, join: " "}', '15:32 "join" joins several columns, but "p" has no "columns".'],
    ['string', '{column: a, transforms: [trimm]}', '15:39 "transforms" (item 1) cannot be "trimm".'],
    ['string', '{column: a, transforms: [{extract: "("}]}', 'This is no regular expression.'],
    ['boolean', '{column: a, transforms: [{flag: 3}]}', '3 is more than one bit.'],
    [
      'integer',
      '{column: a, transforms: [{flag: 2}]}',
      '"p" is integer, but the expression gives true or false.',
    ],
    ['date', '{column: a, transforms: [filetime]}', '"p" is date, but the expression gives a time.'],
    [
      'boolean',
      '{column: a, transforms: [not], words: {true: [y], false: [n]}}',
      'The value is made as true and false.',
    ],
    ['string', '{expression: "? row.a"}', 'This is no expression.'],
    ['string', '{expression: row.a.split()}', '"p" has one value, but this expression gives a list.'],
    ['secret', '{column: a, transforms: [trim]}', '"p" is a secret and cannot be transformed.'],
    ['integer', '{value: many}', '"many" is not a legal value of "p", which is a whole number.'],
    ['integer', '{column: a, default: none}', '"none" is not a legal value of "p", which is a whole number.'],
    ['string', '{column: a, table: {file: nope.csv, from: a, to: b}}', 'There is no file "nope.csv".'],
    [
      'string',
      '{column: a, table: {file: depts.csv, from: cod, to: name}}',
      'depts.csv has no column "cod".',
    ],
    ['string', '{column: a, table: {otherwise: keep}}', 'A table has "values" or a "file".'],
  ])('%s as %s', (type, mapping, message) =>
    expect(parse(type, mapping).findings.join('\n')).toContain(message),
  )

  test('a filter that is neither true nor false', () =>
    expect(parse('string', 'p', '        where: row.a').findings).toEqual([
      '12:16 "where" has to be true or false, but this is a text.',
    ]))

  test('a key that is joined with nothing in between, or that is a list', () => {
    const text = (key: string) =>
      `entityTypes: {T: {properties: {id: string}}}
sources:
  s: {entities: {T: {file: t.csv, key: ${key}, properties: {id: {columns: [a, b], join: ""}}}}}
`
    const found = (key: string) =>
      parseConfiguration([{ path: 'sluice.yaml', text: text(key) }], { shaping }).findings.map(
        ({ message }) => message,
      )
    expect(found('id')).toEqual([
      'The key "id" joins columns with nothing between them, so two different rows could get the same key.',
    ])
    expect(found('[a, b]')).toEqual([
      '"key" must be one property, which may be made of several columns: {columns: [company, number], join: "/"}.',
    ])
  })

  test('what reads a secret', () =>
    expect(parse('secret', 'a', '        where: row.a == "x"').findings).toEqual([
      expect.stringContaining('"p" is a secret, and "where" reads its column "a".'),
    ]))
})
