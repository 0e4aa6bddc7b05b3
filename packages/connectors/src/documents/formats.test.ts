import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import writeExcel from 'write-excel-file/node'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { writeDocuments, writeParquet } from '../../test/documents.ts'
import { record } from '../../test/recorded-export.ts'
import { files } from './connector.ts'

let from = ''
let folders: AsyncDisposable[] = []
beforeEach(async () => {
  const folder = await temporaryFolder()
  folders.push(folder)
  from = folder.path
})
afterAll(async () => {
  for (const folder of folders) await folder[Symbol.asyncDispose]()
  folders = []
})

/** The rows of a table `people` with these columns. */
async function rows(
  table: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
) {
  const { tables } = await record(
    files,
    { from, ...options, tables: { people: table } },
    { 'people.csv': columns },
  )
  return tables['people.csv']?.slice(1)
}

describe('JSON', () => {
  test('has its records where the path says, with points for what lies deeper', async () => {
    const text = JSON.stringify({
      meta: { people: [{ id: 'no' }] },
      data: {
        people: [
          { id: '1', name: { first: 'Ann' }, 'odd.name': 'x' },
          { id: '2', name: null },
        ],
      },
    })
    await writeDocuments(from, { 'people.json': text })
    const table = { path: 'people.json', records: '/data/people' }
    expect(await rows(table, ['id', 'name.first', 'odd.name'])).toEqual([
      ['1', 'Ann', 'x'],
      ['2', undefined, undefined],
    ])
  })

  test('keeps all digits of a number, and writes lists with a separator, and maps as JSON', async () => {
    const text = `[{"id": 12345678901234567890.120, "mail": ["a", "b"], "of": {"x": 1.50}, "ok": true, "groups": [{"id": 1}, {"id": 2}]}]`
    await writeDocuments(from, { 'people.json': text })
    expect(await rows({ path: 'people.json' }, ['id', 'mail', 'of', 'ok', 'groups.id'])).toEqual([
      ['12345678901234567890.120', 'a|b', '{"x":1.50}', 'true', '1|2'],
    ])
  })

  test('has a row for each item of a list that is named as links', async () => {
    const text = JSON.stringify([
      { id: 'a', groups: [{ id: 'g1', since: '2020' }, { id: 'g2' }], tags: ['x', 'y'] },
      { id: 'b', groups: [], tags: [] },
    ])
    await writeDocuments(from, { 'people.json': text })
    expect(await rows({ path: 'people.json', links: 'groups' }, ['id', 'groups.id', 'groups.since'])).toEqual(
      [
        ['a', 'g1', '2020'],
        ['a', 'g2', undefined],
      ],
    )
    expect(await rows({ path: 'people.json', links: 'tags' }, ['tags', 'id'])).toEqual([
      ['x', 'a'],
      ['y', 'a'],
    ])
  })

  test('has records in a map, whose names are the column *, and in lists within lists', async () => {
    const text = JSON.stringify({ hosts: { web1: { cpus: 2 }, db1: { cpus: 4 } } })
    await writeDocuments(from, {
      'hosts.json': text,
      'teams.json': JSON.stringify([{ people: [{ id: 1 }] }, { people: [{ id: 2 }] }]),
    })
    expect(await rows({ path: 'hosts.json', records: '/hosts/*' }, ['*', 'cpus'])).toEqual([
      ['web1', '2'],
      ['db1', '4'],
    ])
    expect(await rows({ path: 'teams.json', records: '/people' }, ['id'])).toEqual([['1'], ['2']])
  })

  test('is read piece by piece, wherever a piece ends', async () => {
    const name = 'x"\\,]}\u{1F600}'.repeat(20_000)
    const text = JSON.stringify(
      {
        people: [
          { id: 1, name },
          { id: 2, name },
        ],
      },
      undefined,
      2,
    )
    await writeDocuments(from, { 'people.json': text })
    expect(await rows({ path: 'people.json', records: '/people' }, ['id', 'name'])).toEqual([
      ['1', name],
      ['2', name],
    ])
  })

  test.each([
    ['nothing at the path', '{"people": []}', '/person', /^people\.json has nothing at \/person\.$/],
    ['null at the path', '{"people": null}', '/people', /has nothing at \/people/],
    ['a map without a path', '{"people": []}', undefined, /^people\.json:1 .*it is a map/],
    ['a document that is cut off', '{"people": [\n{"id": 1},', '/people', /^people\.json:2 .*does not end/],
    ['two documents', '[] []', undefined, /something follows the end/],
    ['a record that is no map', '[1]', undefined, /^people\.json:1 has a record that is no map: 1/],
    [
      'a record that is not JSON',
      '[\n{"id": 1},\n{"id": 1 2}]',
      undefined,
      /^people\.json:3 has a record that is not JSON/,
    ],
    ['brackets that do not fit', '{"people": [}', '/people', /closes what was not opened/],
  ])('is refused with its place: %s', async (_, text, records, message) => {
    await writeDocuments(from, { 'people.json': text })
    await expect(rows({ path: 'people.json', records }, ['id'])).rejects.toThrow(message)
  })

  test('has a column that no record has: that is a mistake, unless it may be so', async () => {
    await writeDocuments(from, { 'people.json': '[{"id": 1, "name": "Ann"}]', 'none.json': '[]' })
    await expect(rows({ path: 'people.json' }, ['id', 'nmae'])).rejects.toMatchObject({
      message: 'people.csv has no column "nmae" in any record of people.json.',
      remedy: expect.stringContaining('"name"'),
    })
    expect(await rows({ path: 'people.json', optional: ['nmae'] }, ['id', 'nmae'])).toEqual([
      ['1', undefined],
    ])
    expect(await rows({ path: 'none.json' }, ['id'])).toEqual([])
  })
})

test('JSON Lines have a record on each line, and a line that is none is named', async () => {
  await writeDocuments(from, {
    'people.jsonl': '{"id": 1}\r\n\n{"id": 2}',
    'bad.jsonl': '{"id": 1}\n{"id": \n',
  })
  expect(await rows({ path: 'people.jsonl' }, ['id'])).toEqual([['1'], ['2']])
  await expect(rows({ path: 'bad.jsonl' }, ['id'])).rejects.toThrow(/^bad\.jsonl:2 /)
})

test('what is compressed with gzip is unpacked; what is cut off is refused', async () => {
  const packed = gzipSync(JSON.stringify([{ id: 1 }]))
  await writeDocuments(from, { 'people.json.gz': packed, 'cut.json.gz': packed.subarray(0, 20) })
  expect(await rows({ path: 'people.json.gz' }, ['id'])).toEqual([['1']])
  await expect(rows({ path: 'cut.json.gz' }, ['id'])).rejects.toThrow(/^cut\.json\.gz cannot be unpacked/)
})

describe('text', () => {
  test('in another encoding is read where it says so', async () => {
    await writeDocuments(from, {
      'people.json': Buffer.from('\ufeff[{"id": "Zoë"}]', 'utf16le'),
      'people.xml': Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><p><r id="Zoë"/></p>', 'latin1'),
    })
    expect(await rows({ path: 'people.json' }, ['id'])).toEqual([['Zoë']])
    expect(await rows({ path: 'people.xml', records: '/p/r' }, ['@id'])).toEqual([['Zoë']])
  })

  test('that is not UTF-8 is refused, for what it stood for is lost', async () => {
    await writeDocuments(from, { 'people.json': Buffer.from('[{"id": "Zoë"}]', 'latin1') })
    await expect(rows({ path: 'people.json' }, ['id'])).rejects.toThrow('people.json is not UTF-8.')
  })
})

describe('XML', () => {
  const text = `<?xml version="1.0"?>
<h:hr xmlns:h="urn:hr"><h:people>
  <h:person id="1" x:kind="own" xmlns:x="urn:x"><name lang="en">Ann &amp; <![CDATA[<Co>]]></name>
    <mail>a</mail><mail>b</mail><address><city>Bern</city></address></h:person>
  <h:person id="2"><name/><address/></h:person>
</h:people><other/></h:hr>`

  test('has elements at a path, with attributes, texts, and what stands deeper', async () => {
    await writeDocuments(from, { 'hr.xml': text })
    const columns = ['@id', '@kind', 'name', 'name.@lang', 'mail', 'address.city']
    expect(await rows({ path: 'hr.xml', records: '/hr/people/person' }, columns)).toEqual([
      ['1', 'own', 'Ann & <Co>', 'en', 'a|b', 'Bern'],
      ['2', undefined, '', undefined, undefined, undefined],
    ])
  })

  test('may hold no record, but not others in their place', async () => {
    await writeDocuments(from, { 'none.xml': '<hr><people/></hr>', 'hr.xml': text })
    expect(await rows({ path: 'none.xml', records: '/hr/people/person' }, ['@id'])).toEqual([])
    for (const records of ['/hr/people/persn', '/hr/persons/person', '/h/people/person'])
      await expect(rows({ path: 'hr.xml', records }, ['@id'])).rejects.toThrow(
        `hr.xml has nothing at ${records}.`,
      )
  })

  test.each([
    ['cut off', '<hr><people>', /is cut off/],
    ['wrong', '<hr>\n<a></b></hr>', /^hr\.xml:2:\d+ is not XML/],
    [
      'an entity that reads a file',
      '<!DOCTYPE hr [<!ENTITY x SYSTEM "file:///etc/passwd">]><hr><r>&x;</r></hr>',
      /is not XML/,
    ],
  ])('that is no such document is refused: %s', async (_, content, message) => {
    await writeDocuments(from, { 'hr.xml': content })
    await expect(rows({ path: 'hr.xml', records: '/hr/r' }, ['r'])).rejects.toThrow(message)
  })
})

describe('Excel', () => {
  const header = [
    { value: 'No' },
    { value: 'Name' },
    { value: 'Born' },
    { value: 'Rate' },
    { value: 'Active' },
  ]
  const ann = [
    { value: 1 },
    { value: ' Ann ' },
    { value: new Date(Date.UTC(1990, 1, 28)), type: Date, format: 'dd.mm.yyyy' },
    { value: 0.1 + 0.2 },
    { value: true, type: Boolean },
  ]
  const bob = [
    { value: 1234567890123 },
    null,
    { value: new Date(Date.UTC(2026, 10, 30, 8, 30)), type: Date, format: 'yyyy-mm-dd hh:mm' },
    { value: -1.5 },
    null,
  ]

  test('has dates, numbers as people see them, and texts; rows that are empty are none', async () => {
    await writeExcel([header, ann, [null], bob]).toFile(join(from, 'people.xlsx'))
    expect(await rows({ path: 'people.xlsx' }, ['No', 'Name', 'Born', 'Rate', 'Active'])).toEqual([
      ['1', ' Ann ', '1990-02-28', '0.3', 'true'],
      ['1234567890123', undefined, '2026-11-30T08:30:00', '-1.5', undefined],
    ])
  })

  test('has several sheets, by name or by number, below rows that are no table', async () => {
    const title = [[{ value: 'People of the company' }], [null]]
    await writeExcel([
      { data: [[{ value: 'x' }], [{ value: 'y' }]], sheet: 'First' },
      { data: [...title, header, ann], sheet: 'People' },
    ]).toFile(join(from, 'people.xlsx'))
    expect(await rows({ path: 'people.xlsx', sheet: 'People', skipRows: 1 }, ['Name'])).toEqual([[' Ann ']])
    expect(await rows({ path: 'people.xlsx', sheet: 2, skipRows: 2 }, ['No'])).toEqual([['1']])
    expect(await rows({ path: 'people.xlsx' }, ['x'])).toEqual([['y']])
    await expect(rows({ path: 'people.xlsx', sheet: 'Peple' }, ['No'])).rejects.toMatchObject({
      message: 'people.xlsx has no sheet "Peple".',
      remedy: expect.stringContaining('People'),
    })
  })

  test('that is none, or an old one, is refused', async () => {
    await writeDocuments(from, {
      'text.xlsx': 'id,name',
      'old.xlsx': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    })
    await expect(rows({ path: 'text.xlsx' }, ['id'])).rejects.toThrow(/^text\.xlsx is no workbook of Excel/)
    await expect(rows({ path: 'old.xlsx' }, ['id'])).rejects.toThrow(/encrypted, or written by an old Excel/)
  })

  test('with two columns of one name is refused', async () => {
    await writeExcel([
      [{ value: 'No' }, { value: 'No' }],
      [{ value: 1 }, { value: 2 }],
    ]).toFile(join(from, 'p.xlsx'))
    await expect(rows({ path: 'p.xlsx' }, ['No'])).rejects.toThrow('p.xlsx has two columns "No" in row 1.')
  })
})

describe('Parquet', () => {
  const select = `select 9223372036854775807::bigint as id, 12345678901234567890.1234567890::decimal(38,10) as pay, -0.05::decimal(4,2) as small,
    0.1::float as rate, date '1990-02-28' as born, timestamp '2026-11-30 08:30:00.123456' as seen,
    timestamptz '2026-11-30 08:30:00+00' as instant, 'Zoë' as name, ['a', 'b'] as tags, {'city': 'Bern'} as address, null::varchar as none,
    '\\x00\\xff'::blob as photo, true as active`

  test.each(['snappy', 'zstd', 'gzip'])('has values as exact as they are: %s', async (compression) => {
    await writeParquet(join(from, 'people.parquet'), select, `, compression ${compression}`)
    const columns = [
      'id',
      'pay',
      'small',
      'rate',
      'born',
      'seen',
      'instant',
      'name',
      'tags',
      'address.city',
      'none',
      'photo',
      'active',
    ]
    expect(await rows({ path: 'people.parquet' }, columns)).toEqual([
      [
        '9223372036854775807',
        '12345678901234567890.1234567890',
        '-0.05',
        '0.1',
        '1990-02-28',
        '2026-11-30T08:30:00.123456',
        '2026-11-30T08:30:00Z',
        'Zoë',
        'a|b',
        'Bern',
        undefined,
        '00ff',
        'true',
      ],
    ])
  })

  test('is read some rows at a time, across its groups', async () => {
    await writeParquet(
      join(from, 'people.parquet'),
      'select range as id from range(10000)',
      ', row_group_size 3000',
    )
    const ids = (await rows({ path: 'people.parquet' }, ['id']))?.map(([id]) => Number(id))
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
  })

  test('that is none is refused', async () => {
    await writeFile(join(from, 'people.parquet'), 'id,name\n')
    await expect(rows({ path: 'people.parquet' }, ['id'])).rejects.toThrow(
      /^people\.parquet cannot be read as Parquet/,
    )
  })
})
