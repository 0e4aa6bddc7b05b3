import { describe, expect, test } from 'vitest'
import { joined } from '../postgresql/texts.ts'
import { earlier } from './change-mark.ts'
import { discoveredOf, typeOf } from './discover.ts'
import { fromOf, partsOf, selectOf } from './select.ts'

const quoting = { quote: (name: string) => `"${name}"`, literal: (text: string) => `'${text}'` }

describe('the select of a table', () => {
  test('names it with its schema, each part in quotes', () => {
    expect(fromOf(quoting, 'people', {})).toBe('"people"')
    expect(fromOf(quoting, 'x', { table: 'hr.people' })).toBe('"hr"."people"')
    expect(partsOf('"my.schema"."a ""table"""')).toEqual(['my.schema', 'a "table"'])
  })

  test('asks for the columns that are needed, and not for older rows', () => {
    const since = { column: 'changed', value: '2026-11-30' }
    expect(selectOf(quoting, '"people"', ['id', 'name'], since)).toBe(
      `select "id", "name" from "people" where "changed" >= '2026-11-30'`,
    )
  })
})

describe('the mark up to which changes were read', () => {
  test('is some time before the latest one, in the form that the database writes', () => {
    expect(earlier('2026-11-30 08:30:00.123+00', 600_000)).toBe('2026-11-30 08:20:00+00')
    expect(earlier('2026-01-01T00:05:00', 600_000)).toBe('2025-12-31T23:55:00')
  })

  test('is the latest number itself', () => {
    expect(earlier('9223372036854775807', 600_000)).toBe('9223372036854775807')
  })
})

describe('an array of PostgreSQL', () => {
  test.each([
    ['{a,b}', 'a|b'],
    ['{}', ''],
    ['{"a,b","c\\"d",NULL,"NULL"}', 'a,b|c"d|NULL'],
    ['[0:1]={1,2}', '1|2'],
  ])('%s becomes %s', (array, text) => {
    expect(joined(array, '|')).toBe(text)
  })
})

describe('what is discovered', () => {
  test('has a type by what the column is declared as', () => {
    const declared = [
      'int(11) unsigned',
      'tinyint(1)',
      'numeric(10,2)',
      'timestamp with time zone',
      'date',
      'varchar(3)',
      'interval',
    ]
    expect(declared.map(typeOf)).toEqual([
      'integer',
      'boolean',
      'decimal',
      'datetime',
      'date',
      'text',
      'text',
    ])
  })

  test('is named by its schema, too, where two tables have a name', () => {
    const table = { name: 'people', columns: [{ name: 'id', type: 'int' }], key: ['id'], references: [] }
    const { tables } = discoveredOf([
      { ...table, schema: 'hr' },
      { ...table, schema: 'old' },
    ])
    expect(tables.map(({ file, options }) => [file, options['table']])).toEqual([
      ['hr_people.csv', 'hr.people'],
      ['old_people.csv', 'old.people'],
    ])
  })

  test('says which tables have no key, or one of several columns', () => {
    const columns = [
      { name: 'a', type: 'int' },
      { name: 'b', type: 'int' },
      { name: 'c', type: 'int' },
    ]
    const table = { schema: undefined, columns, references: [] }
    const { notes } = discoveredOf([
      { ...table, name: 'log', key: [] },
      { ...table, name: 'pairs', key: ['a', 'b'] },
    ])
    expect(notes).toEqual([
      'log has no key: choose a column that identifies a row.',
      'The key of pairs is a and b: join them with concat in the mapping.',
    ])
  })
})
