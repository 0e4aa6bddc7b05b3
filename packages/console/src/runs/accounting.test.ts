import { expect, test } from 'vitest'
import { accountingOf } from './accounting.ts'

const rows = {
  read: 10,
  rejected: 1,
  nullKey: 0,
  duplicate: 2,
  inserted: 3,
  updated: 0,
  unchanged: 4,
  deleted: 0,
}

test('the rows of a mapping are in parts that add up', () => {
  expect(accountingOf(rows)).toEqual({
    read: 10,
    parts: [
      { part: 'unchanged', count: 4 },
      { part: 'inserted', count: 3 },
      { part: 'duplicate', count: 2 },
      { part: 'rejected', count: 1 },
    ],
  })
})

test('a row that no part explains shows', () => {
  expect(accountingOf({ ...rows, read: 12 }).parts.at(-1)).toEqual({ part: 'missing', count: 2 })
})
