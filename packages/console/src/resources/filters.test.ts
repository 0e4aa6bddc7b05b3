import { describe, expect, test } from 'vitest'
import { operatorsOf, parseFilter, searchConditions, writeFilter } from './filters.ts'

describe('a filter', () => {
  test.each([
    'name~grace hopper',
    'mail is null',
    'mail is not null',
    'hired>=2020-01-01',
    'note=a=b',
    'note=',
  ])('is written as it was read: %s', (text) => {
    const filter = parseFilter(text)
    expect(filter && writeFilter(filter)).toBe(text)
  })

  test('that nobody can read is passed over', () => {
    expect(parseFilter('name')).toBeUndefined()
    expect(parseFilter('~x')).toBeUndefined()
  })

  test('offers what its property can be compared by', () => {
    expect(operatorsOf({ type: 'integer' })).toContain('<')
    expect(operatorsOf({ type: 'string' })[0]).toBe('~')
    expect(operatorsOf({ type: 'secret' })).toEqual(['is null', 'is not null'])
  })
})

test('each word that is searched has to stand in one of the texts', () => {
  const properties = [
    { name: 'name', type: 'string', required: true },
    { name: 'floor', type: 'integer', required: false },
    { name: 'mail', type: 'string', required: false },
  ] as const
  expect(searchConditions({ properties }, ' ada  love ')).toEqual([
    '["name~ada","mail~ada"]',
    '["name~love","mail~love"]',
  ])
  expect(searchConditions({ properties: [] }, 'ada')).toEqual([])
})
