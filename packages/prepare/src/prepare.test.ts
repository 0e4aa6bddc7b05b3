import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { locateTables } from '@sluice/connectors'
import type { EntityMapping, FileFormat } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import {
  association,
  entity,
  model,
  plainFormat,
  prepareOne,
  prepareText,
  settings,
  sourceOf,
  temporaryFolder,
} from '../test/prepare-text.ts'
import { prepare } from './prepare.ts'

const format = (parts: Partial<FileFormat>): Partial<EntityMapping> => ({
  format: { ...plainFormat, ...parts },
})
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

describe('cleansing', () => {
  test('keeps the mapped columns in the order of the mapping and sorts by key', async () => {
    const found = await prepareOne('badge,name,id\n77,Carol,u3\n78,Ann,u1\n79,Bob,u2\n', ['id', 'name'])
    expect(found.sorted).toBe('id,name\nu1,Ann\nu2,Bob\nu3,Carol\n')
    expect(found.duplicates).toBe('id,name\n')
    expect(found.nullpk).toBe('id,name\n')
  })

  test('sets rows without key and later rows of a key aside in the order of the file', async () => {
    const found = await prepareOne('id,name\nu2,Bob\nu1,Ann\n,Nobody\nu2,Bob\n"",None\nu1,Anna\n', [
      'id',
      'name',
    ])
    expect(found.sorted).toBe('id,name\nu1,Ann\nu2,Bob\n')
    expect(found.duplicates).toBe('id,name\nu2,Bob\nu1,Anna\n')
    expect(found.nullpk).toBe('id,name\n,Nobody\n,None\n')
    expect(found.counts).toMatchObject({ read: 6, nullKey: 2, duplicate: 2, rejected: 0, rows: 2 })
  })

  test('sorts by UTF-16 code unit, also beyond U+FFFF and with control characters', async () => {
    const keys = [
      'b',
      'B',
      'é',
      '\u{1F600}',
      '\uFF01',
      '\uE000',
      '\u{10FFFF}',
      '\x01',
      '\x02z',
      '\x0f',
      ' ',
      '#',
      'bb',
    ]
    const found = await prepareOne(`id,n\n${keys.map((key) => `${key},1\n`).join('')}`, ['id'])
    expect(found.sorted).toBe(`id\n${[...keys].sort().join('\n')}\n`)
  })

  test('quotes a field only where it has to be and never writes ""', async () => {
    const found = await prepareOne('id;a;b;c\n1;"plain";"x, y";""\n2;say "hi";"a\r\nb";"q""q"\n', [
      'id',
      'a',
      'b',
      'c',
    ])
    expect(found.sorted).toBe('id,a,b,c\n1,plain,"x, y",\n2,"say ""hi""","a\r\nb","q""q"\n')
  })

  test('an association is unique by its pair and both columns are needed', async () => {
    const text = 'dn,member\nG,U2\nG,\nG,U1\nG,U2\n,U1\n'
    const { files } = await prepareText({
      files: { 'members.csv': text },
      associations: [association('dn', 'member')],
    })
    expect(files['member.sorted.csv']).toBe('dn,member\nG,U1\nG,U2\n')
    expect(files['member.duplicates.csv']).toBe('dn,member\nG,U2\n')
    expect(files['member.nullpk.csv']).toBe('dn,member\nG,\n,U1\n')
  })

  test.each([
    ['one-to-many', 'a,b\n1,9\n2,1\n9,4\n', 'a,b\n3,1\n2,1\n'],
    ['many-to-one', 'a,b\n1,9\n2,1\n3,1\n9,4\n', 'a,b\n2,1\n'],
  ] as const)(
    'a %s association keeps the first link of its single end, sorted by both ends',
    async (cardinality, sorted, duplicates) => {
      const text = 'a,b\n2,1\n1,9\n3,1\n9,4\n2,1\n'
      const given = { files: { 'members.csv': text }, associations: [association('a', 'b')], cardinality }
      const { files } = await prepareText(given)
      expect(files['member.sorted.csv']).toBe(sorted)
      expect(files['member.duplicates.csv']).toBe(duplicates)
    },
  )

  test('in an entity file of its own, a row without target has no link', async () => {
    const { files, manifest } = await prepareText({
      files: { 'people.csv': 'id,boss\n1,2\n2,\n3,1\n,4\n' },
      entities: [entity(['id'])],
      associations: [association('boss', 'id', { file: './people.csv' })],
      cardinality: 'one-to-many',
    })
    expect(files['member.sorted.csv']).toBe('boss,id\n1,3\n2,1\n')
    expect(files['member.nullpk.csv']).toBe('boss,id\n4,\n')
    expect(manifest.files[1]).toMatchObject({ read: 4, noLink: 1, nullKey: 1, rows: 2 })
  })

  test('the file name and media type columns of a binary property come along', async () => {
    const photo = { property: 'photo', column: 'photo', fileNameColumn: 'name', mediaTypeColumn: 'type' }
    const properties = [{ property: 'id', column: 'id' }, photo]
    const found = await prepareOne('type,name,photo,id\nimage/png,a.png,AAAA,1\n', [], {
      key: 'id',
      properties,
    })
    expect(found.sorted).toBe('id,photo,name,type\n1,AAAA,a.png,image/png\n')
  })
})

describe('what real exports are', () => {
  const rows = [
    ['semicolons', 'id;name\n2;B, o\n1;A\n'],
    ['tabs', 'id\tname\n2\tB, o\n1\tA\n'],
    ['bars', 'id|name\n2|B, o\n1|A\n'],
    ['CRLF', 'id,name\r\n2,"B, o"\r\n1,A\r\n'],
    ['mixed line ends', 'id,name\r\n2,"B, o"\n1,A\r\n'],
    ['lone carriage returns', 'id,name\r2,"B, o"\r1,A\r'],
    ['blank lines', 'id,name\n\n2,"B, o"\n\r\n\n1,A\n\n'],
    ['no line end at the end', 'id,name\n2,"B, o"\n1,A'],
    ['a mark', '\ufeffid,name\n2,"B, o"\n1,A\n'],
    ['UTF-16', utf16('id,name\r\n2,"B, o"\r\n1,A\r\n')],
    ['UTF-16 big endian', utf16('id,name\n2,"B, o"\n1,A\n').swap16()],
    ['UTF-16 without mark', utf16('id,name\n2,"B, o"\n1,A\n').subarray(2)],
    [
      'a header with blanks and decomposed accents elsewhere',
      ' id , name ,pre\u0301nom\n2,"B, o",x\n1,A,y\n',
    ],
    ['everything quoted', '"id","name"\n"2","B, o"\n"1","A"\n'],
    ['a hint for Excel', 'sep=;\nid;name\n2;B, o\n1;A\n'],
    ['gzip', gzipSync('id,name\n2,"B, o"\n1,A\n')],
    ['zstd', zstdCompressSync('id,name\n2,"B, o"\n1,A\n')],
  ] as const

  test.each(rows)('%s', async (_, text) => {
    const found = await prepareOne(text, ['id', 'name'])
    expect(found.sorted).toBe('id,name\n1,A\n2,"B, o"\n')
    expect(found.counts).toMatchObject({ read: 2, rows: 2 })
  })

  test('Windows-1252 is recognised, and said', async () => {
    const found = await prepareOne(Buffer.from('id,name\n1,Ren\xe9 \x80\n', 'latin1'), ['id', 'name'])
    expect(found.sorted).toBe('id,name\n1,René €\n')
    expect(found.notes).toEqual(['people.csv is not UTF-8; it was read as windows-1252.'])
  })

  test('a configured Latin-1 is read as such', async () => {
    const text = Buffer.from('id,name\n1,Ren\xe9\n', 'latin1')
    const found = await prepareOne(text, ['id', 'name'], format({ encoding: 'latin-1' }))
    expect(found.sorted).toBe('id,name\n1,René\n')
  })

  test('a header with accents written in two ways is one header', async () => {
    const found = await prepareOne('id,pre\u0301nom\n1,A\n', ['id', 'pr\u00e9nom'])
    expect(found.sorted).toBe('id,pr\u00e9nom\n1,A\n')
  })

  test('lines before the header are skipped and counted', async () => {
    const found = await prepareOne(
      'Report of May\n\nid,name\n1,A\n2\n',
      ['id', 'name'],
      format({ skipLines: 2 }),
    )
    expect(found.sorted).toBe('id,name\n1,A\n')
    expect(found.rejected).toEqual(['5: the row has 1 field, the header 2'])
  })

  test('a field of three megabytes passes', async () => {
    const big = 'x'.repeat(3_000_000)
    const given = {
      files: { 'people.csv': `id,t\n2,"${big}, y"\n1,${big}\n` },
      entities: [entity(['id', 't'])],
    }
    const { files } = await prepareText({ ...given, settings: { maximumFieldSize: 4 << 20 } })
    expect(files['Person.sorted.csv']).toBe(`id,t\n1,${big}\n2,"${big}, y"\n`)
  })

  test('a header alone is an empty table', async () => {
    const found = await prepareOne('id,name\n', ['id', 'name'])
    expect(found.counts).toMatchObject({ read: 0, rows: 0 })
    expect(found.sorted).toBe('id,name\n')
  })

  test('part files are one table, in the order of their names', async () => {
    const found = await prepareText({
      files: {
        'people/b.csv': 'id;n\n1;late\n3;c\n',
        'people/a.csv': 'id;n\r\n1;early\r\n2;b\r\n',
        'people/.hidden': 'x',
      },
      entities: [entity(['id', 'n'], { file: 'people' })],
    })
    expect(found.files['Person.sorted.csv']).toBe('id,n\n1,early\n2,b\n3,c\n')
    expect(found.files['Person.duplicates.csv']).toBe('id,n\n1,late\n')
  })

  test('a blank line of a file with a single column is a row without key', async () => {
    const found = await prepareOne('id\n2\n\n1\n', ['id'])
    expect(found.sorted).toBe('id\n1\n2\n')
    expect(found.counts).toMatchObject({ read: 3, nullKey: 1 })
  })
})

describe('rows that cannot be read', () => {
  test('ragged rows are left out with file and physical line, the rest goes on', async () => {
    const found = await prepareOne('id,name\n1,"a\nb"\n2\n3,c,d\n4,e\n', ['id', 'name'])
    expect(found.sorted).toBe('id,name\n1,"a\nb"\n4,e\n')
    expect(found.rejections).toEqual([
      {
        mapping: 'Person',
        file: 'people.csv',
        line: 4,
        column: null,
        text: '2',
        reason: 'the row has 1 field, the header 2',
        fields: ['2'],
      },
      {
        mapping: 'Person',
        file: 'people.csv',
        line: 5,
        column: null,
        text: '3,c,d',
        reason: 'the row has 3 fields, the header 2',
        fields: ['3', 'c', 'd'],
      },
    ])
    expect(found.counts).toMatchObject({ read: 4, rejected: 2, rows: 2 })
  })

  test('short rows are filled where the format says so', async () => {
    const found = await prepareOne(
      'id,a,b\n1\n2,x\n3,x,y,z\n',
      ['id', 'a', 'b'],
      format({ shortRows: 'fill' }),
    )
    expect(found.sorted).toBe('id,a,b\n1,,\n2,x,\n')
    expect(found.rejected).toEqual(['4: the row has 4 fields, the header 3'])
  })

  test('text after a closing quote costs its line when the quotes of the line are balanced', async () => {
    const found = await prepareOne('id,a,b\n1,"x"y,z\n2,a,b\n', ['id', 'a', 'b'])
    expect(found.sorted).toBe('id,a,b\n2,a,b\n')
    expect(found.rejected).toEqual(['2: text follows a closing quote'])
    expect(found.rejections[0]?.fields).toContain('1')
  })

  test.each([
    ['another quoted field', 'id,a,b\n1,"x,y\n2,"c",d\n3,e,f\n'],
    ['the end of the file', 'id,a,b\n1,"x,y\n2,c,d\n3,e,f\n'],
    ['the size a field may have', `id,a,b\n1,"x,y\n2,c,d\n3,e,f\n${'4,e,f\n'.repeat(20)}`],
  ])('a stray quote costs its line only when every line up to %s is a row by itself', async (_, text) => {
    const { files, rejected } = await prepareText({
      files: { 'people.csv': text },
      entities: [entity(['id', 'a', 'b'])],
      settings: { maximumFieldSize: 60 },
    })
    expect(files['Person.sorted.csv']).toMatch(/^id,a,b\n2,c,d\n3,e,f\n/)
    expect(rejected.map(({ line }) => line)).toEqual([2])
  })

  test('a NUL character, a lone carriage return and bytes of no text cost their row and name the column', async () => {
    const bad = Buffer.concat([
      Buffer.from('id,a\n1,x\0\n2,y\rz\n3,'),
      Buffer.from([0xff]),
      Buffer.from('\n4,ok\n'),
    ])
    const found = await prepareOne(bad, ['id', 'a'], format({ encoding: 'utf-8' }))
    expect(found.sorted).toBe('id,a\n4,ok\n')
    expect(found.rejections.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [2, 'a', 'the row holds a NUL character'],
      [3, 'a', 'the row holds a carriage return without line feed'],
      [4, 'a', 'the text is not valid in the encoding of the file, utf-8'],
    ])
  })

  test('half a surrogate pair in UTF-16 costs its row', async () => {
    const found = await prepareOne(utf16('id,a\n1,\ud800x\n2,\u{1F600}\n'), ['id', 'a'])
    expect(found.sorted).toBe('id,a\n2,\u{1F600}\n')
    expect(found.rejections.map(({ line }) => line)).toEqual([2])
  })

  test('a file that is UTF-8 but for a few bytes stays UTF-8', async () => {
    const good = Array.from({ length: 20 }, (_, index) => `${index + 10},Zo\u00eb\n`).join('')
    const bytes = Buffer.concat([Buffer.from(`id,a\n1,`), Buffer.from([0xeb]), Buffer.from(`\n${good}`)])
    const found = await prepareOne(bytes, ['id', 'a'])
    expect(found.counts).toMatchObject({ read: 21, rejected: 1, rows: 20 })
    expect(found.sorted).toContain('10,Zo\u00eb\n')
  })

  test('every mapping of the file lists them, in words for people too', async () => {
    const { files, rejected } = await prepareText({
      files: { 'people.csv': 'id,boss\n1\n2,1\n' },
      entities: [entity(['id'])],
      associations: [association('boss', 'id', { file: 'people.csv' })],
      cardinality: 'one-to-many',
    })
    expect(rejected.map(({ mapping }) => mapping)).toEqual(['Person', 'member'])
    expect(files['Person.rejected.csv']).toBe(
      'file,line,column,reason,text\npeople.csv,2,,"the row has 1 field, the header 2",1\n',
    )
  })
})

describe('quoted line breaks', () => {
  const monster = 'id,a,b\n1,"x,y\n2,c",d\n3,e,f\n'

  test('two stray quotes that swallow rows into a valid one refuse the file', async () => {
    await expect(prepareOne(monster, ['id', 'a', 'b'])).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-05',
      place: { file: 'people.csv', line: 2 },
    })
  })

  test('the same is a row where the format trusts quoted line breaks', async () => {
    const found = await prepareOne(monster, ['id', 'a', 'b'], format({ quotedLineBreaks: 'trust' }))
    expect(found.sorted).toBe('id,a,b\n1,"x,y\n2,c",d\n3,e,f\n')
  })

  test('text over several lines passes when its lines are no rows', async () => {
    const found = await prepareOne('id,a,b\n1,"Dear all,\nwe moved.\n\nBye",d\n', ['id', 'a', 'b'])
    expect(found.sorted).toBe('id,a,b\n1,"Dear all,\nwe moved.\n\nBye",d\n')
  })
})

describe('files that are refused', () => {
  test.each([
    ['an empty file', '', 'SLUICE-PREPARE-03', /empty/],
    ['no table at all', '\0\x01\x02,\0\n', 'SLUICE-PREPARE-03', /not a text/],
    ['a file of blank lines', '\n\n', 'SLUICE-PREPARE-03', /empty line/],
    ['a last row cut off', 'id,name\n1,A\n2', 'SLUICE-PREPARE-04', /middle of line 3/],
    ['an open quote at the end', 'id,name\n1,A\n2,"B\n', 'SLUICE-PREPARE-04', /middle of line 3/],
    ['a missing column', 'id,nme\n1,A\n', 'SLUICE-PREPARE-01', /no column "name".*has "id", "nme"/],
    ['a mapped column twice', 'id,name,name\n1,A,B\n', 'SLUICE-PREPARE-02', /"name" more than once/],
    ['a gzip cut off', gzipSync('id,name\n1,A\n').subarray(0, 20), 'SLUICE-PREPARE-09', /cut off/],
    ['quotes of no sure end', 'id,name\n1,"A\nx\n2,"B"\n', 'SLUICE-PREPARE-05', /opened on line 2/],
  ])('%s', async (_, text, code, message) => {
    await expect(prepareOne(text, ['id', 'name'])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('a missing column names the one that looks alike', async () => {
    await expect(prepareOne('id,Naem\n1,A\n', ['id', 'name'])).rejects.toMatchObject({
      remedy: expect.stringContaining('"Naem"'),
    })
  })

  test('a column named twice does not matter while it is not mapped', async () => {
    const found = await prepareOne('id,x,x\n1,a,b\n', ['id'])
    expect(found.sorted).toBe('id\n1\n')
  })

  test('a missing file, naming the one that looks alike', async () => {
    const given = { files: { 'poeple.csv': 'id\n1\n' }, entities: [entity(['id'])] }
    await expect(prepareText(given)).rejects.toMatchObject({
      code: 'SLUICE-EXPORT-01',
      remedy: expect.stringContaining('"poeple.csv"'),
    })
  })

  test('a folder without part files', async () => {
    const given = { files: { 'people/.keep': '' }, entities: [entity(['id'], { file: 'people' })] }
    await expect(prepareText(given)).rejects.toMatchObject({ code: 'SLUICE-EXPORT-02' })
  })

  test('part files with different headers', async () => {
    const given = {
      files: { 'people/a.csv': 'id,n\n1,a\n', 'people/b.csv': 'n,id\nb,2\n' },
      entities: [entity(['id', 'n'], { file: 'people' })],
    }
    await expect(prepareText(given)).rejects.toMatchObject({ code: 'SLUICE-PREPARE-06' })
  })

  test('a file that changes while it is read', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'people.csv')
    await writeFile(path, 'id,n\n1,a\n')
    const source = sourceOf(folder.path, { entities: [entity(['id', 'n'])] })
    // At once: a write that is under way may come after the last look at the file.
    const onProgress = () => writeFileSync(path, 'id,n\n1,a\n2,b\n')
    const exported = { tables: await locateTables(source) }
    const request = { source, exported, model: model('many-to-many'), mode: 'complete', settings } as const
    await expect(prepare({ ...request, onProgress, folder: join(folder.path, 'out') })).rejects.toMatchObject(
      {
        code: 'SLUICE-PREPARE-07',
      },
    )
  })
})

test('an abort stops the work and leaves no temporary file', async () => {
  const abort = new AbortController()
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index},x\n`).join('')
  const onProgress = () => abort.abort()
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'people.csv'), `id,n\n${lines}`)
  const source = sourceOf(folder.path, { entities: [entity(['id', 'n'])] })
  const out = join(folder.path, 'out')
  const exported = { tables: await locateTables(source) }
  const request = { source, exported, model: model('many-to-many'), mode: 'complete', settings } as const
  await expect(prepare({ ...request, folder: out, onProgress, signal: abort.signal })).rejects.toThrow(
    /abort/,
  )
  const { readdir } = await import('node:fs/promises')
  expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([])
})
