import { describe, expect, test } from 'vitest'
import type { Schema, SchemaAttribute } from './schema.ts'
import { attributesIn, checkColumns, isFollowed, unseenOf, type WantedTable } from './tables.ts'

const attribute = (name: string, more: Partial<SchemaAttribute> = {}): [string, SchemaAttribute] => [
  name.toLowerCase(),
  { name, names: false, forward: false, followed: true, ...more },
]
const schema: Schema = new Map([
  attribute('objectGUID', { followed: false }),
  attribute('cn'),
  attribute('member', { names: true, forward: true }),
  attribute('memberOf', { names: true, followed: false }),
  attribute('seeAlso', { names: true }),
])

const table = (columns: readonly string[], more: WantedTable['table'] = {}): WantedTable => ({
  name: 'some',
  file: 'some.csv',
  table: more,
  columns,
  attributes: columns.map((column) => column.replace(/\.objectGUID$/, '')),
  places: [],
  search: '',
})

test('a filter asks about attributes', () => {
  expect(
    attributesIn('(&(objectClass=user)(|(!(cn=a*))(userAccountControl:1.2.840.113556.1.4.803:=2))(mail>=b))'),
  ).toEqual(['objectClass', 'cn', 'userAccountControl', 'mail'])
})

describe('changes of a table', () => {
  test.each([
    [['objectGUID', 'cn'], {}, true],
    [['objectGUID', 'member.objectGUID'], { links: 'member' }, true],
    [['dn', 'member'], { links: 'member' }, false],
    [['objectGUID', 'seeAlso.objectGUID'], { links: 'seeAlso' }, false],
  ])('of %o with %o are told: %s', (columns, more, followed) => {
    expect(isFollowed(table(columns, more), schema)).toBe(followed)
  })

  test('do not tell of what others say, which is noted', () => {
    expect(unseenOf([table(['objectGUID', 'cn', 'memberOf'])], schema)).toEqual([
      'some.csv: memberOf can change without a change of the entry, which only a complete finds.',
    ])
    expect(unseenOf([table(['cn'], { filter: '(memberOf=CN=staff)' })], schema)).toHaveLength(1)
    expect(unseenOf([table(['objectGUID', 'cn'])], schema)).toEqual([])
  })
})

describe('columns', () => {
  test('that the directory does not know are an error, and not empty', () => {
    expect(() => checkColumns([table(['membr'])], schema)).toThrow('no attribute "membr"')
    expect(() => checkColumns([table(['cn.objectGUID'])], schema)).toThrow('The values of cn name no entries')
    expect(() => checkColumns([table(['cn', 'member.objectGUID'])], schema)).not.toThrow()
  })

  test('pass where the user may not read the schema', () => {
    expect(() => checkColumns([table(['membr', 'x.objectGUID'])], new Map())).not.toThrow()
  })
})
