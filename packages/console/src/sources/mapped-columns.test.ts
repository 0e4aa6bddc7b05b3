import { expect, test } from 'vitest'
import { mappedColumns } from './mapped-columns.ts'

test('columns are known by file, with all that they are mapped to', () => {
  const mapped = mappedColumns({
    entities: {
      Person: { file: 'people.csv', properties: { no: 'id', name: { column: 'name' }, made: { shape: {} } } },
      Account: { file: 'people.csv', properties: { login: { column: 'name' } } },
    },
    associations: { Member: { file: 'members.csv', from: { column: 'person', by: 'no' }, to: 'group' } },
  })
  expect(mapped.get('people.csv')).toEqual(
    new Map([
      ['id', ['Person.no']],
      ['name', ['Person.name', 'Account.login']],
    ]),
  )
  expect(mapped.get('members.csv')).toEqual(
    new Map([
      ['person', ['Member.from']],
      ['group', ['Member.to']],
    ]),
  )
})

test('a definition without mappings maps nothing', () => {
  expect(mappedColumns({ table: true }).size).toBe(0)
})
