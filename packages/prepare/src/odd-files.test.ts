import { describe, expect, test } from 'vitest'
import { plainFormat, prepareOne } from '../test/prepare-text.ts'

const columns = ['id', 'name', 'town']
const plain = 'id,name,town\n1,Ole,Oslo\n2,Una,Bergen\n'

describe('a separator at the end', () => {
  test.each([
    ['of every row', 'id;name;town\n1;Ole;Oslo;\n2;Una;Bergen;\n'],
    ['of the header only', 'id;name;town;\n1;Ole;Oslo\n2;Una;Bergen\n'],
    ['of the header and of every row', 'id;name;town;\n1;Ole;Oslo;\n2;Una;Bergen;\n'],
    ['of every row, with tabs', 'id\tname\ttown\n1\tOle\tOslo\t\n2\tUna\tBergen\t\n'],
  ])('%s is no field', async (_, text) => {
    expect(await prepareOne(text, columns)).toMatchObject({ sorted: plain, rejected: [] })
  })

  test('of one row is a field too many', async () => {
    const found = await prepareOne('id;name;town\n1;Ole;Oslo\n2;Una;Bergen;\n', columns)
    expect(found.rejected).toEqual(['3: the row has 4 fields, the header 3'])
  })

  test('of every row but one: that one lacks a field', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => `${row};Ole;Oslo;\n`).join('')
    const found = await prepareOne(`id;name;town\n${rows}999;Una\n`, columns)
    expect(found.counts).toMatchObject({ rows: 120, rejected: 1 })
    expect(found.rejected).toEqual([
      '122: the row has 2 fields, the header 3, and other rows end with an empty field',
    ])
  })

  test('of every row, with something behind it, is a field without a name', async () => {
    const found = await prepareOne('id;name;town\n1;Ole;Oslo;x\n2;Una;Bergen;y\n', columns)
    expect(found.rejected).toHaveLength(2)
  })

  test('of an empty table says nothing', async () => {
    expect(await prepareOne('id;name;town;\n', columns)).toMatchObject({
      sorted: 'id,name,town\n',
      rejected: [],
    })
  })
})

describe('a header', () => {
  const wrong = (header: string, rows: string) => ({
    code: 'SLUICE-PREPARE-44',
    message: `The header of people.csv is separated by ${header}, and its rows by ${rows}: none of them fits it.`,
  })

  test.each([
    ['id,name,town\n1;Ole;Oslo\n2;Una;"Ber;gen"\n', 'commas', 'semicolons'],
    ['id;name;town\n1\tOle\tOslo', 'semicolons', 'tabs'],
    ['"id","name","town"\r\n1|Ole|Oslo|\r\n2|Una|Bergen|\r\n', 'commas', 'vertical bars'],
    ['sep=,\nid,name,town\n1;Ole;Oslo\n', 'commas', 'semicolons'],
  ])(
    'that is separated otherwise than all rows is told, with both separators: %j',
    async (text, header, rows) => {
      await expect(prepareOne(text, columns)).rejects.toMatchObject(wrong(header, rows))
    },
  )

  test('is told, too, where the separator of the rows is configured', async () => {
    const format = { ...plainFormat, separator: ';' as const }
    await expect(prepareOne('id,name,town\n1;Ole;Oslo\n', columns, { format })).rejects.toMatchObject(
      wrong('commas', 'semicolons'),
    )
    await expect(prepareOne('id,name,town\n1,Ole,Oslo\n', columns, { format })).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
    })
  })

  test('that some rows fit stands, and the others are rejected', async () => {
    const found = await prepareOne('id,name,town\n1;Ole;Oslo\n2,Una,Bergen\n', columns)
    expect(found.rejected).toEqual(['2: the row has 1 field, the header 3'])
  })

  test('of one column is separated by nothing', async () => {
    const found = await prepareOne('name\n"Doe, Jane"\nRoe, Ole\n', ['name'])
    expect(found.rejected).toEqual(['3: the row has 2 fields, the header 1'])
    expect((await prepareOne('name\nRoe, Ole\n', ['name'])).rejected).toHaveLength(1)
  })
})

describe('part files that were joined', () => {
  const mark = '\ufeff'

  test.each([
    ['as it is', `${plain}id,name,town\n3,Ida,Voss\n`],
    ['behind a mark', `${mark}${plain}${mark}id,name,town\n3,Ida,Voss\n`],
    ['in quotes', '"id","name","town"\n1,Ole,Oslo\n2,Una,Bergen\n"id","name","town"\n3,Ida,Voss\n'],
    ['with DOS line ends', `${plain}id,name,town\n3,Ida,Voss\n`.replaceAll('\n', '\r\n')],
  ])('repeat the header, %s, which is no row', async (_, text) => {
    const found = await prepareOne(text, columns)
    expect(found.sorted).toBe(`${plain}3,Ida,Voss\n`)
    expect(found.rejected).toEqual(['4: the row repeats the header, as in part files that were joined'])
  })

  test('may end with a header that no line feed follows', async () => {
    expect((await prepareOne(`${plain}id,name,town`, columns)).rejected).toHaveLength(1)
  })

  test('leave marks before rows, which belong to no key', async () => {
    const found = await prepareOne(`${mark}${plain}${mark}"3",Ida,Voss\n${mark}${mark}4,Nio,Nes\n`, columns)
    expect(found.sorted).toBe(`${plain}3,Ida,Voss\n4,Nio,Nes\n`)
    expect(found.notes).toEqual([
      'people.csv: 2 byte order marks before rows left out, as of part files that were joined',
    ])
  })

  test('keep a mark within a value', async () => {
    const text = `id,name,town\n1,O${mark}le,Oslo\n`
    expect((await prepareOne(text, columns)).sorted).toBe(text)
  })
})

describe('quotes', () => {
  test.each([
    ['1, "Ole",Oslo', 'name'],
    ['1,Ole,\t"Oslo"', 'town'],
    ['1,Ole,\u00a0"Oslo"', 'town'],
    ['1, "Bar, Una", "Bergen"', 'name'],
  ])('behind a blank are told, and become no part of a value: %j', async (row, column) => {
    const { rejections } = await prepareOne(`id,name,town\n${row}\n`, columns)
    expect(rejections).toMatchObject([
      { line: 2, column, reason: 'a blank stands before the quote that opens the field' },
    ])
  })

  test('within a value are part of it', async () => {
    const found = await prepareOne('id,name,town\n1,Ole "the wet" Bar,Oslo\n', columns)
    expect(found.sorted).toBe('id,name,town\n1,"Ole ""the wet"" Bar",Oslo\n')
  })
})

describe('texts that are written for Excel', () => {
  test.each([
    ['="0042",Ole,="Oslo"', '0042,Ole,Oslo'],
    ['"=""0042""",Ole,"=""Oslo"""', '0042,Ole,Oslo'],
    ['"=""0042""","=""Bar, Ole""",Oslo', '0042,"Bar, Ole",Oslo'],
    ['0042,="",Oslo', '0042,,Oslo'],
  ])('are the texts: %s', async (row, expected) => {
    const found = await prepareOne(`id,name,town\n${row}\n`, columns)
    expect(found.sorted).toBe(`id,name,town\n${expected}\n`)
    expect(found.notes.join()).toContain('written for Excel')
  })

  test.each(['1,"=""a""&""b""",Oslo', '1,"=A1+""x""",Oslo', '1,"x=""a""",Oslo'])(
    'and nothing else is taken for one: %s',
    async (row) => {
      const text = `id,name,town\n${row}\n`
      expect(await prepareOne(text, columns)).toMatchObject({ sorted: text, notes: [] })
    },
  )
})

describe('a line that names the separator', () => {
  test.each(['sep=;', 'SEP=;', 'Sep=;', '"sep=;"', '"SEP=;"'])('is understood: %s', async (line) => {
    const found = await prepareOne(`${line}\r\nid;name;town\r\n1;Ole;"a,b"\r\n`, columns)
    expect(found.sorted).toBe('id,name,town\n1,Ole,"a,b"\n')
  })
})
