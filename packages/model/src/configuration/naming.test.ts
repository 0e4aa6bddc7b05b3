import { expect, test } from 'vitest'
import { parseConfiguration } from './parse-configuration.ts'

const parsed = (room: string, table = 'folder: .', more = '') =>
  parseConfiguration([
    {
      path: 'sluice.yaml',
      text: `entityTypes:
  Room: {properties: {site: string, number: integer, plan: file}}
  Device: {properties: {serial: string, room: {type: reference, to: Room}${more}}}
sources:
  one:
    ${table}
    entities:
      Device:
        ${table === 'table: true' ? '' : '{file: d.csv, key: serial, properties: {serial: serial, room: '}${table === 'table: true' ? `{properties: {serial: {}, room: ${room}` : room}}}
`,
    },
  ])
const roomOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).configuration?.sources.get('one')?.entities[0]?.properties[1]
const findingsOf = (...of: Parameters<typeof parsed>) =>
  parsed(...of).findings.flatMap(({ severity, message, remedy }) =>
    severity === 'error' ? [`${message} ${remedy}`] : [],
  )

test('a reference may be named by several columns, one for each property, in their order', () => {
  expect(roomOf('{columns: [place, 7], by: [site, number]}')).toMatchObject({
    column: 'place, 7',
    by: 'site, number',
    parts: [
      { column: 'place', by: 'site' },
      { column: '7', by: 'number' },
    ],
  })
})

test('a list of one is one', () => {
  expect(roomOf('{columns: [place], by: [site]}')).toMatchObject({ column: 'place', by: 'site' })
  expect(roomOf('{columns: [place], by: [site]}')?.parts).toBeUndefined()
})

test('an open table names the columns of a reference itself', () => {
  expect(roomOf('{by: [site, number]}', 'table: true')).toMatchObject({
    parts: [
      { column: 'room_site', by: 'site' },
      { column: 'room_number', by: 'number' },
    ],
  })
})

test.each([
  [
    '{by: [site, number]}',
    '"by" names 2 properties, but "columns" is missing. Write "columns" with 2 columns, in the order of "by".',
  ],
  [
    '{columns: [a, b, c], by: [site, number]}',
    '"columns" has 3, and "by" names 2 properties. Name a column for each property of "by", in its order.',
  ],
  [
    '{columns: [a, b], by: site}',
    '"columns" has 2, and "by" is one property. Name a column for each property of "by", in its order.',
  ],
  [
    '{column: a, columns: [a, b], by: [site, number]}',
    '"column" is one column, but the reference needs several. Replace "column" by "columns".',
  ],
  ['{columns: [a, b], by: [site, nmber]}', '"Room" has no property "nmber". Did you mean "number"?'],
  [
    '{columns: [a, b], by: [site, plan]}',
    '"plan" of "Room" is a file and cannot name a resource. Use a property with a plain value.',
  ],
  ['{columns: [a, b], by: [site, site]}', '"by" names "site" twice. Name each property once.'],
  [
    '{columns: [a, b], by: [site, number], thousandsSeparator: "."}',
    '"thousandsSeparator" is for one column; of several each is written as the source writes the property. Remove "thousandsSeparator".',
  ],
])('%s is refused', (room, message) => {
  expect(findingsOf(room)).toEqual([message])
})

test('columns of an open table, and of what is no reference, are refused', () => {
  expect(findingsOf('{columns: [a, b], by: [site, number]}', 'table: true')).toEqual([
    'The source is an open table, which names the columns of "room" itself. Remove "columns".',
  ])
})

test('a column that another property has already is refused', () => {
  expect(findingsOf('{columns: [a, b], by: [site, number]}', 'folder: .', ', roomSite: string')).toEqual([
    '"site" of "room" would be the column "room_site", which property "roomSite" of "Device" takes. Rename one of the properties.',
  ])
})
