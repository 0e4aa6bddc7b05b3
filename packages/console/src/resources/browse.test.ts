import { describe, expect, test } from 'vitest'
import { nextSort, readBrowse, writeBrowse } from './browse.ts'

describe('the address of a list', () => {
  test('says what is looked at, and nothing of what is as usual', () => {
    const address = { q: 'ada', where: ['floor>3', 'mail is null'], columns: 'name,mail', sort: '-name' }
    expect(writeBrowse(readBrowse(address))).toEqual(address)
    expect(writeBrowse(readBrowse({}))).toEqual({})
  })

  test('is passed over where nobody can read it', () => {
    expect(writeBrowse(readBrowse({ q: { a: 1 }, where: ['name', 'x=1'], sort: 'a b' }))).toEqual({
      where: ['x=1'],
    })
  })

  test('holds numbers that were typed as text', () => {
    expect(readBrowse({ q: 1005 }).words).toBe('1005')
  })
})

test('a header sorts upwards, then downwards, then as it was', () => {
  expect(nextSort(undefined, 'name')).toBe('name')
  expect(nextSort('name', 'name')).toBe('-name')
  expect(nextSort('-name', 'name')).toBeUndefined()
  expect(nextSort('-name', 'mail')).toBe('mail')
})
