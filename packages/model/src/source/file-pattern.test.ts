import { expect, test } from 'vitest'
import { fitsPattern, naturalOrder, splitPath } from './file-pattern.ts'

const names = [
  'people.csv',
  'people-2026-9.csv',
  'people-.csv',
  'people-1.csv.tmp',
  '.people-1.csv',
  'p+.csv',
]
const fitting = (pattern: string) => names.filter((name) => fitsPattern(pattern, name))

test('a star stands for any characters of a name, none included', () => {
  expect(fitting('people-*.csv')).toEqual(['people-2026-9.csv', 'people-.csv'])
})

test('a question mark stands for one character, whatever it takes in UTF-16', () => {
  expect(fitting('p?.csv')).toEqual(['p+.csv'])
  expect(fitsPattern('p?.csv', 'p😀.csv')).toBe(true)
})

test('every other sign is itself', () => {
  expect(fitting('p+.csv')).toEqual(['p+.csv'])
  expect(fitsPattern('a[1].csv', 'a1.csv')).toBe(false)
  expect(fitsPattern('a[1]-*.csv', 'a[1]-2.csv')).toBe(true)
  expect(fitsPattern('a.csv', 'aXcsv')).toBe(false)
})

test('hidden files fit a pattern only that begins with a point', () => {
  expect(fitting('*')).toEqual(names.filter((name) => !name.startsWith('.')))
  expect(fitting('.*')).toEqual(['.people-1.csv'])
})

test('numbers in names count as numbers', () => {
  const unsorted = ['people-10.csv', 'people-2026-10.csv', 'people-9.csv', 'people-2026-9.csv']
  expect(unsorted.sort(naturalOrder('people*.csv'))).toEqual([
    'people-9.csv',
    'people-10.csv',
    'people-2026-9.csv',
    'people-2026-10.csv',
  ])
})

test('a name without a number comes first', () => {
  const unsorted = ['people-2026-12.csv', 'people.csv', 'people 2.csv']
  expect(unsorted.sort(naturalOrder('people*.csv'))[0]).toBe('people.csv')
})

test('a path is its folders and a name, whichever slashes it has', () => {
  expect(splitPath('people-*.csv')).toEqual({ folders: '', name: 'people-*.csv' })
  expect(splitPath(String.raw`export\full/people-*.csv`)).toEqual({
    folders: 'export/full/',
    name: 'people-*.csv',
  })
})
