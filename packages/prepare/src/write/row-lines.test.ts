import { mostPlaces } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { RowLines } from './row-lines.ts'

test('rows that follow one another line by line need one place', () => {
  const lines = new RowLines()
  for (let line = 2; line < 5_000; line++) lines.add('f.csv', line)
  expect(lines.places).toEqual([{ row: 1, file: 'f.csv', line: 2 }])
})

test('a row behind others that are left out, and the next file, begin a new one', () => {
  const lines = new RowLines()
  for (const line of [2, 3, 7, 8]) lines.add('a.csv', line)
  lines.add('b.csv', 9)
  expect(lines.places).toEqual([
    { row: 1, file: 'a.csv', line: 2 },
    { row: 3, file: 'a.csv', line: 7 },
    { row: 5, file: 'b.csv', line: 9 },
  ])
})

test('where the lines are very odd, the last place says that the rest is not known', () => {
  const lines = new RowLines()
  for (let row = 1; row < 2 * mostPlaces; row++) lines.add('f.csv', 2 * row)
  expect(lines.places).toHaveLength(mostPlaces)
  expect(lines.places.at(-1)).toEqual({ row: mostPlaces, file: 'f.csv', line: null })
})
