import { describe, expect, test } from 'vitest'
import { entity, prepareOne, prepareText } from '../../test/prepare-text.ts'
import { otherKind } from './no-table.ts'

const utf16 = (text: string, order: 'le' | 'be') => {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

describe('a file is known for what it is', () => {
  test.each([
    ['is an Excel workbook (.xlsx', Buffer.from('PK\x03\x04\x14\0\x08\0[Content_Types].xml')],
    [
      'is an OpenDocument file',
      Buffer.from('PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
    ],
    ['is a ZIP archive', Buffer.from('PK\x03\x04people.csv')],
    ['is an Excel workbook of the old kind', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['is a PDF document', Buffer.from('%PDF-1.7\n')],
    ['is a Parquet file', Buffer.from('PAR1\x15')],
    ['is compressed with bzip2', Buffer.from('BZh91AY')],
    ['is an HTML page', Buffer.from('\n<!DOCTYPE html><html><body>Sign in</body></html>')],
    ['is an HTML page', Buffer.from('<table border=1><tr><td>id</td></tr></table>')],
    ['is an XML document', Buffer.from('<?xml version="1.0"?>\n<people/>')],
    ['is a JSON document', Buffer.from('[{"id": 1}]')],
    ['looks like UTF-16 without a mark', utf16('№;имя;город\n1;Олег;Осло\n', 'le')],
    ['looks like UTF-16 without a mark', utf16('№;имя;город\n1;Олег;Осло\n', 'be')],
  ])('%s', (is, bytes) => {
    expect(otherKind(bytes)?.is).toContain(is)
  })

  test.each(['id,name\n1,PK\n', '[id],[name]\n1,2\n', '{id},name\n', 'BZ;h\n'])(
    'and a table for one: %j',
    (text) => {
      expect(otherKind(Buffer.from(text))).toBeUndefined()
    },
  )
})

const columns = ['id', 'name']

describe('the remedy fits', () => {
  test('a workbook is to be saved as CSV', async () => {
    await expect(prepareOne(Buffer.from('PK\x03\x04xl/workbook.xml\n\0'), columns)).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-40',
      message: expect.stringContaining('is an Excel workbook'),
      remedy: expect.stringContaining('CSV'),
    })
  })

  test('a text in UTF-16 without a mark is to be told so', async () => {
    await expect(prepareOne(utf16('№;имя\n1;Олег\n2;Уна\n', 'le'), columns)).rejects.toMatchObject({
      message: expect.stringContaining('UTF-16 without a mark'),
      remedy: expect.stringContaining('encoding: utf-16le'),
    })
  })

  test.each([
    ['Staff list\n\nid,name\n1,Ole\n', 'the line "Staff list"', 2],
    ['\n\nid,name\n1,Ole\n', 'an empty line', 2],
    ['Staff list;as of 21.11.\nid;name\n1;Ole\n', 'the line "Staff list;as of 21.11."', 1],
  ])('lines before the header are to be skipped: %j', async (text, first, skip) => {
    await expect(prepareOne(text, columns)).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-41',
      message: `people.csv starts with ${first}; its header is line ${skip + 1}.`,
      remedy: expect.stringContaining(`skipLines: ${skip}}`),
    })
  })

  test.each([
    ['Thumbs.db', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), 'OLE'],
    ['README', 'One file a day.\nAsk Una.\n', 'One file a day.'],
    ['people.csv.md5', 'd41d8cd98f00b204e9800998ecf8427e  people.csv\n', 'd41d8cd9'],
  ])('%s among part files is to be moved away', async (name, content, is) => {
    const files = { 'people/a.csv': 'id,name\n1,Ole\n', [`people/${name}`]: content }
    const prepared = prepareText({ files, entities: [entity(columns, { file: 'people' })] })
    await expect(prepared).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-42',
      message: expect.stringContaining(is),
      remedy: expect.stringContaining(`Move ${name} out`),
    })
  })

  test('what cannot be seen in a name is shown', async () => {
    await expect(prepareOne('id,Host\u00a0name\n1,ape\n', ['id', 'Host name'])).rejects.toMatchObject({
      message: expect.stringContaining('"Host\\u00a0name"'),
      remedy: expect.stringContaining('cannot be seen'),
    })
  })
})
