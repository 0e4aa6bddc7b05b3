import { suggestMapping } from '@sluice/connectors'
import { expect, test } from 'vitest'
import { proposalOfMapping, proposalOfSuggestion } from './proposals.ts'

test('a mapping is proposed as it is, without what says nothing of columns', () => {
  const entities = {
    Person: {
      file: 'people.csv',
      key: 'no',
      where: 'row.no != "3"',
      thresholds: { deleted: { percent: 5 } },
      properties: { no: 'no', name: { column: 'name', transforms: ['upper'] } },
    },
  }
  expect(proposalOfMapping('hr', { export: { connector: 'sqlite' }, entities }, 'Person')).toBe(`sources:
  hr:
    entities:
      Person:
        file: people.csv
        key: no
        where: "row.no != \\"3\\""
        properties:
          no: no
          name: {"column":"name","transforms":["upper"]}
`)
})

test('of a suggestion, one mapping is taken with its type and those that it refers to', () => {
  const table = (name: string, columns: readonly object[]) => ({
    file: `${name}.csv`,
    name,
    kind: 'entities' as const,
    options: {},
    columns: columns.map((one) => ({ name: 'id', type: 'text' as const, ...one })),
  })
  const suggestion = suggestMapping('shop', {
    notes: ['A note.'],
    tables: [
      table('room', [{ key: true }]),
      table('desk', [{ key: true }, { name: 'room', references: { file: 'room.csv', column: 'id' } }]),
      table('other', [{ key: true }]),
    ],
  })
  expect(proposalOfSuggestion('shop', suggestion, 'desk.csv')).toBe(`entityTypes:
  Desk:
    properties:
      id: text
      room: {type: reference, to: Room}
  Room:
    properties:
      id: text
sources:
  shop:
    entities:
      Desk:
        file: desk.csv
        key: id
        properties:
          id: "id"
          room: {column: "room", by: id}
`)
  expect(proposalOfSuggestion('shop', suggestion, 'nothing.csv')).toBeUndefined()
})
