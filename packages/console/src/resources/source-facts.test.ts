import { expect, test } from 'vitest'
import { deleteLock, recordAddress } from './source-facts.ts'

test('the record of a row stands where the source says', () => {
  const link = 'https://hr.example.com/{property}?key={key}'
  expect(recordAddress(link, 'a b&$1', 'name')).toBe('https://hr.example.com/name?key=a%20b%26%241')
  expect(recordAddress(undefined, '1')).toBeUndefined()
})

test('a resource may be deleted where each of its sources lets this person do that', () => {
  const factsOf = (source: string) => ({ link: undefined, userDelete: source })
  const rows = [{ source: 'everybody' }, { source: 'administrators' }]
  expect(deleteLock(rows, factsOf, true)).toBeUndefined()
  expect(deleteLock(rows, factsOf, false)).toEqual({ source: 'administrators', policy: 'administrators' })
  expect(deleteLock([{ source: 'nobody' }], factsOf, true)).toEqual({ source: 'nobody', policy: 'nobody' })
})
