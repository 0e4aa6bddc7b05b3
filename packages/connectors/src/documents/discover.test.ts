import { join } from 'node:path'
import { expect, test } from 'vitest'
import writeExcel from 'write-excel-file/node'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { writeDocuments, writeParquet } from '../../test/documents.ts'
import { FileServer } from '../../test/file-server.ts'
import { surroundings } from '../../test/recorded-export.ts'
import type { DiscoveredTable } from '../contract/discovered.ts'
import { files } from './connector.ts'

async function discovered(from: string) {
  return files.with({ from, tables: {} }).discover(surroundings())
}

/** `id*: integer` is the key; one in brackets is for few. */
function columnsOf({ columns }: DiscoveredTable): string {
  return columns
    .map(({ name, key, type, minor }) =>
      `${name}${key === true ? '*' : ''}: ${type}`.replace(/.*/, minor === true ? '($&)' : '$&'),
    )
    .join(', ')
}

async function tablesOf(documents: Readonly<Record<string, string | Uint8Array>>) {
  await using folder = await temporaryFolder()
  await writeDocuments(folder.path, documents)
  const { tables, notes } = await discovered(folder.path)
  return { tables: tables.map((table) => [table.name, table.options, columnsOf(table)]), notes, all: tables }
}

test('lists of JSON and repeated elements of XML become tables, with their paths', async () => {
  const people = [
    { name: { first: 'Ann' }, id: 1, paid: 1.5, groups: ['a'], left: null },
    { name: { first: 'Ann' }, id: 2, paid: 2, groups: ['b'], left: '2026-11-30' },
    { name: { first: 'Bob' }, id: 3, paid: 2, groups: [], left: null },
  ]
  const { tables } = await tablesOf({
    'hr.json': JSON.stringify({
      meta: { pages: [1] },
      data: { people, units: [{ code: 'it', active: true }] },
    }),
    'list.json': '[{"id": "007"}]',
    'hosts.xml':
      '<all><x:host id="h1" xmlns:x="urn:x"><ip>1</ip></x:host><x:host id="h2"><ip>1</ip></x:host></all>',
  })
  expect(tables).toEqual([
    ['host', { path: 'hosts.xml', records: '/all/host' }, '@id*: text, ip: integer'],
    [
      'people',
      { path: 'hr.json', records: '/data/people' },
      'name.first: text, id*: integer, paid: decimal, (groups: text), (left: date)',
    ],
    ['units', { path: 'hr.json', records: '/data/units' }, 'code*: text, active: boolean'],
    ['list', { path: 'list.json' }, 'id*: text'],
  ])
})

test('files whose names differ by a date are one table, and those of unknown formats are named', async () => {
  const { tables, notes } = await tablesOf({
    'people-2026-11-29.jsonl': '{"id": 1}\n',
    'people-2026-11-30.jsonl': '{"id": 1}\n',
    'readme.md': 'x',
    'broken.json': '{',
    '.hidden.json': '[]',
  })
  expect(tables).toEqual([['people', { path: 'people-*.jsonl', several: 'last' }, 'id*: integer']])
  expect(notes).toEqual([
    'The end of readme.md does not say its format.',
    expect.stringMatching(/^broken\.json is not JSON/),
  ])
})

test('CSV is looked at for its separator and its encoding, which its mapping needs', async () => {
  const { tables, all } = await tablesOf({
    'people.csv': Buffer.from('nr;"name";since\n1;"Zo\xeb; Ann";2026-11-30\n2;Bob;\n', 'latin1'),
    'plain.csv': 'id,name\nx,y\n',
  })
  expect(tables).toEqual([
    ['people', { path: 'people.csv' }, 'nr*: integer, name: text, since: date'],
    ['plain', { path: 'plain.csv' }, 'id*: text, name: text'],
  ])
  expect(all.map(({ format }) => format)).toEqual([{ separator: ';', encoding: 'windows-1252' }, undefined])
})

test('each sheet of Excel, each class of LDIF and each file of Parquet is a table', async () => {
  await using folder = await temporaryFolder()
  await writeDocuments(folder.path, {
    'dir.ldif':
      'dn: ou=x\nobjectClass: organizationalUnit\nou: x\n\ndn: uid=a\nobjectClass: top\nobjectClass: inetOrgPerson\nuid: a\n',
  })
  const sheet = (name: string) => ({ sheet: name, data: [[{ value: 'No' }], [{ value: 1 }]] })
  await writeExcel([sheet('People'), sheet('Sites & more')]).toFile(join(folder.path, 'book.xlsx'))
  await writeParquet(join(folder.path, 'pay.parquet'), `select 1 as id, 1.50::decimal(9,2) as pay`)
  const { tables } = await discovered(folder.path)
  expect(tables.map((table) => [table.name, table.options, columnsOf(table)])).toEqual([
    ['People', { path: 'book.xlsx', sheet: 'People' }, 'No*: integer'],
    ['Sites_more', { path: 'book.xlsx', sheet: 'Sites & more' }, 'No*: integer'],
    [
      'organizationalUnit',
      { path: 'dir.ldif', objectClass: 'organizationalUnit' },
      'objectclass: text, ou: text, dn*: text, (parentdn: text)',
    ],
    [
      'inetOrgPerson',
      { path: 'dir.ldif', objectClass: 'inetOrgPerson' },
      '(objectclass: text), uid*: text, dn: text, (parentdn: text)',
    ],
    ['pay', { path: 'pay.parquet' }, 'id*: integer, pay: decimal'],
  ])
})

test('a web server is asked for the file that from names', async () => {
  await using server = await FileServer.open()
  server.files.set('/data/people.json', '[{"id": 1}]')
  const { tables } = await discovered(`${server.url}/data/people.json`)
  expect(tables.map(({ name, options }) => [name, options])).toEqual([['people', { path: 'people.json' }]])
  await expect(discovered(`${server.url}/data/`)).rejects.toThrow(/does not tell which files it has/)
})
