import { describe, expect, test } from 'vitest'
import type { Entry } from './messages.ts'
import { Rows } from './rows.ts'

const entry = (attributes: Readonly<Record<string, readonly (string | Buffer)[]>>): Entry => ({
  kind: 'entry',
  dn: 'cn=staff,ou=groups,dc=example',
  attributes: new Map(
    Object.entries(attributes).map(([name, values]) => [name, values.map((value) => Buffer.from(value))]),
  ),
  controls: [],
})

describe('a row of an entry', () => {
  test('has a cell for each column, and none where there is no value', () => {
    const rows = new Rows(['dn', 'parentdn', 'CN', 'mail'], {}, undefined)
    expect(rows.attributes).toEqual(['CN', 'mail'])
    expect(rows.of(entry({ cn: ['staff'] }))).toEqual([
      ['cn=staff,ou=groups,dc=example', 'ou=groups,dc=example', 'staff', undefined],
    ])
  })

  test('joins several values, in an order that is always the same', () => {
    const rows = new Rows(['mail'], { separator: ';' }, undefined)
    for (const mail of [
      ['b', 'a'],
      ['a', 'b'],
    ])
      expect(rows.of(entry({ mail }))).toEqual([['a;b']])
    expect(rows.notes).toEqual([])
  })

  test('notes values that look like two, and bytes that are no text', () => {
    const rows = new Rows(['mail', 'photo2'], {}, undefined)
    expect(rows.of(entry({ mail: ['a|b', 'c'], photo2: [Buffer.from([255])] }))).toEqual([['a|b|c', '/w==']])
    expect(rows.notes).toEqual([
      'A value of mail holds "|", so it looks like two: choose another separator.',
      'A value of photo2 is not text and was written as base64: say how with binary.',
    ])
  })

  test('asks for no attribute where only names are wanted', () => {
    expect(new Rows(['dn'], {}, undefined).attributes).toEqual(['1.1'])
  })
})

describe('rows of links', () => {
  test('are one for each value, with the other columns beside it', () => {
    const rows = new Rows(['cn', 'member'], {}, 'Member')
    expect(rows.of(entry({ cn: ['staff'], member: ['uid=b', 'uid=a'] }))).toEqual([
      ['staff', 'uid=b'],
      ['staff', 'uid=a'],
    ])
    expect(rows.of(entry({ cn: ['staff'] }))).toEqual([])
  })
})

test('values that a server sends in parts are an error, and not a smaller group', () => {
  const rows = new Rows(['dn', 'member'], {}, 'member')
  expect(() => rows.of(entry({ 'member;range=0-1499': ['uid=a'] }))).toThrow('only a part of the values')
  expect(rows.of(entry({ 'member;range=1500-*': [] }))).toEqual([])
})
